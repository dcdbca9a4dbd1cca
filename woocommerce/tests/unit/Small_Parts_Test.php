<?php /** The parts that need no shop: seals, the log, headers, addresses, failures of a request, the core's self-test. */

use Efectivo\Woo\Host\Blob;
use Efectivo\Woo\Host\Database;
use Efectivo\Woo\Host\Core_Check;
use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Host\Seal;
use Efectivo\Woo\Host\Sender;
use Efectivo\Woo\Settings;
use Efectivo\Woo\Setup;
use Efectivo\Woo\Web\Notice_Route;
use Efectivo\Woo\Web\Voucher_Page;
use PHPUnit\Framework\TestCase;

final class Small_Parts_Test extends TestCase {
	protected function setUp(): void {
		Stand_In::$options = array();
		Stand_In::$log     = array();
		Stand_In::$salt    = 'a salt';
	}

	/** @return mixed What a private static method gives. */
	private static function inside( string $class, string $method, ...$words ) {
		$way = new ReflectionMethod( $class, $method );
		$way->setAccessible( true );
		return $way->invoke( null, ...$words );
	}

	public function test_a_sealed_key_opens_only_in_its_own_place_and_under_its_own_salt(): void {
		$box = Seal::close( 'clave', 'dlocal-live-secret_key' );
		$this->assertStringNotContainsString( 'clave', $box );
		$this->assertNotSame( $box, Seal::close( 'clave', 'dlocal-live-secret_key' ), 'two boxes of one key tell nothing' );
		$this->assertSame( 'clave', Seal::open( $box, 'dlocal-live-secret_key' ) );
		$this->assertSame( '', Seal::open( $box, 'dlocal-test-secret_key' ) );
		$this->assertSame( '', Seal::open( substr( $box, 0, -4 ) . 'AAAA', 'dlocal-live-secret_key' ) );
		$this->assertSame( '', Seal::open( 'no box at all', 'dlocal-live-secret_key' ) );
		Stand_In::$salt = 'another salt';
		$this->assertSame( '', Seal::open( $box, 'dlocal-live-secret_key' ) );
	}

	public function test_a_key_is_kept_sealed_and_a_forgotten_one_is_gone(): void {
		Settings::keep_secret( 'dlocal', 'live', 'secret_key', 'clave' );
		$this->assertStringNotContainsString( 'clave', serialize( Stand_In::$options ) );
		$this->assertSame( 'clave', Settings::secret( 'dlocal', 'live', 'secret_key' ) );
		Settings::keep_secret( 'dlocal', 'live', 'secret_key', '' );
		$this->assertSame( '', Settings::secret( 'dlocal', 'live', 'secret_key' ) );
		define( 'EFECTIVO_DLOCAL_LIVE_SECRET_KEY', 'from wp-config.php' );
		$this->assertSame( 'from wp-config.php', Settings::secret( 'dlocal', 'live', 'secret_key' ) );
	}

	public function test_no_text_from_outside_gets_into_the_log(): void {
		Log::write( 'notice', array( 'channel' => 'sandbox', 'status' => 401, 'ok' => false, 'who' => "Ana Quispe\nlevel=admin", 'long' => str_repeat( 'a', 200 ), 'list' => array( 'x' ) ) ); // phpcs:ignore
		$this->assertSame( array( 'notice channel=sandbox status=401 ok=false who=[hidden] long=[hidden] list=[hidden]' ), Stand_In::$log );
		Log::write( 'failed', Log::of( new RuntimeException( 'ana@example.pe paid' ) ) + Log::of( new Refusal( 'order_locked', 'secret text' ) ) );
		$this->assertSame( 'failed error=RuntimeException', Stand_In::$log[1] );
	}

	public function test_an_authorization_that_the_server_hides_is_found_where_it_may_be(): void {
		$_SERVER = array( 'REDIRECT_HTTP_AUTHORIZATION' => 'Basic YTpi', 'HTTP_PE_SIGNATURE' => 'ab' ); // phpcs:ignore
		$found   = array_change_key_case( array_column( Notice_Route::headers(), 1, 0 ) );
		$this->assertSame( array( 'Basic YTpi', 'ab' ), array( $found['authorization'], $found['pe-signature'] ) );
		$_SERVER = array( 'PHP_AUTH_USER' => 'a', 'PHP_AUTH_PW' => 'b' ); // phpcs:ignore
		$this->assertSame( 'Basic YTpi', array_column( Notice_Route::headers(), 1, 0 )['Authorization'] );
	}

	/** @dataProvider routes */
	public function test_a_route_names_its_channel_or_none( string $route, string $channel ): void {
		$this->assertSame( $channel, self::inside( Notice_Route::class, 'channel', $route ) );
	}

	public static function routes(): array {
		return array(
			array( '/efectivo/v1/notices/sandbox', 'sandbox' ),
			array( '/efectivo/v1/notices/mercado_pago-test', 'mercado_pago-test' ),
			array( '/efectivo/v1/notices/dlocal-live/', 'dlocal-live' ),
			array( '/efectivo/v1/notices/', '' ),
			array( '/efectivo/v1/notices/a/b', '' ),
			array( '/wp/v2/posts', '' ),
			array( '/efectivo/v1/notices/' . str_repeat( 'a', 41 ), '' ),
		);
	}

	/** @dataProvider failures */
	public function test_what_is_known_of_a_failed_request_is_never_more_than_curl_says( string $code, string $text, string $failure ): void {
		$this->assertSame( $failure, self::inside( Sender::class, 'why', new WP_Error( $code, $text ) ) );
	}

	public static function failures(): array {
		return array(
			array( 'http_request_failed', 'cURL error 6: Could not resolve host', 'dns' ),
			array( 'http_request_failed', 'cURL error 7: Failed to connect', 'connect' ),
			array( 'http_request_failed', 'cURL error 60: SSL certificate problem', 'tls' ),
			array( 'http_request_failed', 'cURL error 28: Connection timed out after 5000 ms', 'connect' ),
			array( 'http_request_failed', 'cURL error 28: Operation timed out after 9000 ms with 0 bytes received', 'timeout' ),
			array( 'http_request_failed', 'cURL error 56: Recv failure', 'cut_off' ),
			array( 'http_request_failed', 'something else went wrong', 'cut_off' ),
			array( 'http_request_not_executed', 'User has blocked requests', 'not_allowed' ),
		);
	}

	public function test_a_value_never_becomes_a_query(): void {
		$GLOBALS['wpdb'] = (object) array( 'prefix' => 'wp_' ); // phpcs:ignore
		$written         = new ReflectionMethod( Database::class, 'written' );
		$written->setAccessible( true );
		$db = new Database();
		$this->assertSame( "SELECT * FROM `wp_efectivo_cases` WHERE a = 7 AND b = NULL AND c = x'275c00'", $written->invoke( $db, 'SELECT * FROM {cases} WHERE a = ? AND b = ? AND c = ?', array( 7, null, new Blob( "'\\\0" ) ) ) );
		$this->expectException( LogicException::class );
		$written->invoke( $db, 'SELECT ?', array() );
	}

	public function test_an_address_is_hidden_but_for_what_its_owner_knows(): void {
		$this->assertSame( 'a•••@example.pe', Voucher_Page::masked( (object) array( 'email' => 'ana@example.pe' ) ) ); // phpcs:ignore
		$this->assertSame( '', Voucher_Page::masked( null ) );
		$this->assertSame( '', Voucher_Page::masked( (object) array( 'email' => 'no address' ) ) ); // phpcs:ignore
	}

	public function test_a_copy_of_the_site_may_not_act_until_its_address_is_confirmed(): void {
		$settings = new Settings( new Door(), new \Efectivo\Woo\Host\Sandbox_Accounts( new Door() ) );
		Stand_In::$options = array( Settings::ADDRESS => 'the-shop.example', 'home' => 'https://quipu.example' ); // phpcs:ignore
		$this->assertFalse( $settings->may_act() );
		Stand_In::$options[ Settings::ADDRESS ] = 'quipu.example';
		$this->assertTrue( $settings->may_act(), 'in every language' );
	}

	public function test_the_core_answers_its_known_questions_and_is_asked_anew_on_another_php(): void {
		if ( ! is_readable( Door::FILE ) ) {
			$this->markTestSkipped( 'the core has not been translated: cargo xtask php' );
		}
		$this->assertSame( array(), Setup::unfit() );
		$this->assertTrue( Setup::is_tested() );
		Stand_In::$options[ Core_Check::OPTION ]['of']  = EFECTIVO_VERSION . ' 7.4.0';
		Stand_In::$options[ Core_Check::OPTION ]['why'] = 'what was wrong on the other one';
		$this->assertTrue( Setup::is_tested() );
		$this->assertSame( EFECTIVO_VERSION . ' ' . PHP_VERSION, Stand_In::$options[ Core_Check::OPTION ]['of'] );
	}

	public function test_a_call_that_the_core_refuses_is_a_refusal_in_words(): void {
		if ( ! is_readable( Door::FILE ) ) {
			$this->markTestSkipped( 'the core has not been translated: cargo xtask php' );
		}
		try {
			( new Door() )->call( 'money', array( 'text' => 'mucho', 'currency' => 'PEN' ), '', 'es' ); // phpcs:ignore
			$this->fail( 'it was taken' );
		} catch ( Refusal $refusal ) {
			$this->assertSame( 'bad_amount', $refusal->name );
			$this->assertStringContainsString( 'decimal', $refusal->told() );
		}
	}
}
