<?php /** Loads the plugin's classes without WordPress; what they need of it stands in here, in one line each. */

error_reporting( E_ALL );
define( 'ABSPATH', '/' );
define( 'EFECTIVO_DIR', dirname( __DIR__, 2 ) );
define( 'EFECTIVO_FILE', EFECTIVO_DIR . '/efectivo.php' );
define( 'EFECTIVO_VERSION', '0' );
define( 'DB_NAME', 'shop' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'HOUR_IN_SECONDS', 3600 );

spl_autoload_register(
	static function ( $name ) {
		$file = EFECTIVO_DIR . '/src/' . str_replace( '\\', '/', substr( $name, 13 ) ) . '.php';
		if ( 0 === strpos( $name, 'Efectivo\\Woo\\' ) && is_file( $file ) ) {
			require_once $file;
		}
	}
);

class Stand_In {
	/** @var array options by name */
	public static $options = array();
	/** @var string[] lines of the log */
	public static $log = array();
	/** @var string */
	public static $salt = 'a salt';

	public function info( $line ) {
		self::$log[] = $line;
	}
}
class WP_Error {
	/** @var string */
	private $code;
	/** @var string */
	private $message;

	public function __construct( $code, $message = '' ) {
		$this->code    = $code;
		$this->message = $message;
	}

	public function get_error_code() {
		return $this->code;
	}

	public function get_error_message() {
		return $this->message;
	}
}

function __( $text ) { return $text; }
function add_action() {}
function add_filter() {}
function do_action() {}
function apply_filters( $name, $value ) { return $value; }
function get_option( $name, $else = false ) { return isset( Stand_In::$options[ $name ] ) ? Stand_In::$options[ $name ] : $else; }
function update_option( $name, $value ) { Stand_In::$options[ $name ] = $value; return true; }
function delete_option( $name ) { unset( Stand_In::$options[ $name ] ); return true; }
function home_url( $path = '' ) { return 'https://quipu.example/en' . $path; } // as a plugin for languages has it
function wp_salt() { return Stand_In::$salt; }
function wp_json_encode( $value, $flags = 0 ) { return json_encode( $value, $flags ); }
function wp_unslash( $value ) { return stripslashes( $value ); }
function wp_parse_url( $url, $part = -1 ) { return parse_url( $url, $part ); }
function wc_get_logger() { return new Stand_In(); }
