<?php /** Compiles and links every class of the plugin on the PHP that runs this; whatever it warns of, a deprecation too, is an error. */

error_reporting( E_ALL );
set_error_handler(
	static function ( $no, $text, $file, $line ) {
		throw new ErrorException( $text, 0, $no, $file, $line );
	}
);

$folder = $argv[1];
define( 'ABSPATH', '/' );
define( 'EFECTIVO_DIR', $folder );
define( 'EFECTIVO_FILE', "$folder/efectivo.php" );
define( 'EFECTIVO_VERSION', '0' );

// What WordPress and WooCommerce give, as far as a class of ours stands on it.
eval( 'abstract class WC_Payment_Gateway { public $id; } class WC_Email { public function send( $to, $subject, $message, $headers, $attachments ) {} }
	class WC_Order {} class WP_CLI {} class WP_Error {} class WP_Term {}' );
eval( 'namespace Automattic\WooCommerce\Blocks\Payments\Integrations; abstract class AbstractPaymentMethodType {}' );

spl_autoload_register(
	static function ( $name ) use ( $folder ) {
		$file = $folder . '/src/' . str_replace( '\\', '/', substr( $name, 13 ) ) . '.php';
		if ( 0 === strpos( $name, 'Efectivo\\Woo\\' ) && is_file( $file ) ) {
			require_once $file;
		}
	}
);

$count = 0;
foreach ( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( "$folder/src", FilesystemIterator::SKIP_DOTS ) ) as $file ) {
	$class = 'Efectivo\\Woo\\' . str_replace( '/', '\\', substr( $file->getPathname(), strlen( "$folder/src/" ), -4 ) );
	if ( ! class_exists( $class ) ) {
		throw new LogicException( "{$file->getPathname()} holds no class of its own name" );
	}
	++$count;
}
foreach ( array( 'efectivo.php', 'uninstall.php', 'languages/efectivo-es_ES.l10n.php', 'languages/efectivo-zh_CN.l10n.php' ) as $name ) {
	token_get_all( file_get_contents( "$folder/$name" ), TOKEN_PARSE );
}
echo "$count classes compile on PHP " . PHP_VERSION . "\n";
