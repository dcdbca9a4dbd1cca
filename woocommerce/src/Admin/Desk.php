<?php /** The desk in wp-admin: its menu, its tabs, and what is pressed on them. It shows what the core says and passes decisions on. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Web\Notice_Test;

defined( 'ABSPATH' ) || exit;

final class Desk {
	const PAGE   = 'efectivo';
	const DECIDE = 'efectivo_decide';
	const AGENT  = 'efectivo_agent';
	const TEST   = 'efectivo_test';
	const KEYS   = 'efectivo_keys';
	const PASTE  = 'efectivo_paste';
	const RIGHT  = 'manage_woocommerce';

	public function hook(): void {
		add_action( 'admin_menu', array( $this, 'menu' ), 60 );
		add_action( 'admin_enqueue_scripts', array( $this, 'style' ) );
		add_action( 'admin_post_' . self::DECIDE, array( $this, 'decide' ) );
		add_action( 'admin_post_' . self::AGENT, array( $this, 'agent' ) );
		add_action( 'admin_post_' . self::TEST, array( $this, 'test' ) );
		add_action( 'admin_post_' . Figures_Screen::CASES, array( Figures_Screen::class, 'cases' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( EFECTIVO_FILE ), array( $this, 'links' ) );
		add_action( 'admin_post_' . self::KEYS, array( $this, 'keys' ) );
	}

	public static function url( array $more = array() ): string {
		return add_query_arg( array( 'page' => self::PAGE ) + $more, admin_url( 'admin.php' ) );
	}

	/** Beside the plugin's name in the list of plugins. */
	public function links( $links ) {
		$guide = '<a href="' . esc_url( self::url( array( 'tab' => 'guide' ) ) ) . '">' . esc_html__( 'Guide', 'efectivo' ) . '</a>';
		return array_merge( array( 'guide' => $guide ), (array) $links );
	}

	public function menu(): void {
		$asked = self::asked();
		$label = __( 'Cash codes', 'efectivo' ) . ( $asked ? ' <span class="awaiting-mod">' . $asked . '</span>' : '' );
		add_submenu_page( 'woocommerce', __( 'Cash codes', 'efectivo' ), $label, self::RIGHT, self::PAGE, array( $this, 'show' ) );
	}

	/** How many cases wait for a person. */
	private static function asked(): int {
		if ( ! current_user_can( self::RIGHT ) ) {
			return 0;
		}
		try {
			return array_sum( array_column( Parts::store()->counts(), 'asked' ) );
		} catch ( \RuntimeException $error ) {
			return 0;
		}
	}

	public function style(): void {
		wp_register_style( 'efectivo-desk', plugins_url( 'assets/desk.css', EFECTIVO_FILE ), array(), EFECTIVO_VERSION );
		// phpcs:ignore WordPress.Security.NonceVerification -- only where to look.
		if ( isset( $_GET['page'] ) && self::PAGE === $_GET['page'] ) {
			wp_enqueue_style( 'efectivo-desk' );
		}
	}

	public function show(): void {
		$tab  = self::query( 'tab' );
		$case = self::query( 'case' );
		echo '<div class="wrap efectivo"><h1>' . esc_html__( 'Cash codes', 'efectivo' ) . '</h1>';
		self::tabs( '' !== $case ? 'codes' : $tab );
		self::told();
		try {
			if ( '' !== $case ) {
				Case_Screen::show( $case );
			} elseif ( 'guide' === $tab ) {
				Guide_Screen::show();
			} elseif ( 'figures' === $tab ) {
				Figures_Screen::show();
			} elseif ( 'agent' === $tab ) {
				Agent_Screen::show();
			} elseif ( 'channels' === $tab ) {
				Channels_Screen::show();
				Paste_Screen::show( self::pasted() );
			} elseif ( 'preview' === $tab ) {
				Preview_Screen::show();
			} else {
				List_Screen::show( 'reviews' === $tab, self::query( 's' ) );
			}
		} catch ( \RuntimeException $error ) {
			Log::write( 'desk_failed', Log::of( $error ) );
			echo '<div class="notice notice-error"><p>' . esc_html( $error instanceof Refusal ? $error->told() : __( 'This can not be shown just now.', 'efectivo' ) ) . '</p></div>';
		}
		echo '</div>';
	}

	private static function tabs( string $now ): void {
		$tabs = array(
			''         => __( 'Codes', 'efectivo' ),
			'reviews'  => __( 'Reviews', 'efectivo' ),
			'figures'  => __( 'Figures', 'efectivo' ),
			'channels' => __( 'Providers and notices', 'efectivo' ),
			'preview'  => __( 'Preview', 'efectivo' ),
			'guide'    => __( 'Guide', 'efectivo' ),
		);
		if ( 'test' === Parts::settings()->mode() ) {
			$tabs['agent'] = __( 'Test agent', 'efectivo' );
		}
		echo '<nav class="nav-tab-wrapper">';
		foreach ( $tabs as $tab => $name ) {
			$here = $tab === $now || ( '' === $tab && 'codes' === $now );
			echo '<a class="nav-tab' . ( $here ? ' nav-tab-active" aria-current="page' : '' ) . '" href="' . esc_url( self::url( array_filter( array( 'tab' => $tab ) ) ) ) . '">' . esc_html( $name ) . '</a>';
		}
		echo '<a class="nav-tab" href="' . esc_url( admin_url( 'admin.php?page=wc-settings&tab=checkout&section=efectivo' ) ) . '">' . esc_html__( 'Settings', 'efectivo' ) . '</a></nav>';
	}

	/** What became of the last press. */
	public static function told(): void {
		$key  = 'efectivo_told_' . get_current_user_id();
		$told = get_transient( $key );
		if ( is_array( $told ) ) {
			delete_transient( $key );
			echo '<div class="notice inline notice-' . ( $told[0] ? 'success' : 'error' ) . '" role="status"><p>' . esc_html( $told[1] ) . '</p></div>';
		}
	}

	/** What the core says of a pasted notice; '' where none was pasted. */
	private static function pasted(): string {
		if ( ! isset( $_POST['efectivo_paste'] ) ) {
			return '';
		}
		self::check( self::PASTE );
		// phpcs:disable WordPress.Security.ValidatedSanitizedInput -- a signature is over the bytes as they are; nothing of it is shown or kept.
		$address = isset( $_POST['address'] ) ? (string) wp_unslash( $_POST['address'] ) : '';
		$headers = isset( $_POST['headers'] ) ? (string) wp_unslash( $_POST['headers'] ) : '';
		$body    = isset( $_POST['body'] ) ? (string) wp_unslash( $_POST['body'] ) : '';
		// phpcs:enable
		return Paste_Screen::judged( self::posted( 'channel' ), $address, $headers, $body );
	}

	/** A merchant's decision: one of those that the core offered on the screen. */
	public function decide(): void {
		$id = self::posted( 'case' );
		self::check( self::DECIDE . $id );
		self::done(
			static function () use ( $id ) {
				if ( '' !== self::posted( 'mail_again' ) ) {
					self::mail_again( $id );
				} else {
					Parts::host()->merchant( $id, self::decision() );
				}
				Parts::after()->soon();
				return __( 'Done.', 'efectivo' );
			},
			self::back( $id )
		);
	}

	private static function mail_again( string $id ): void {
		$last = static function () use ( $id ) {
			return Parts::host()->load( $id )->mailed_again_at;
		};
		$before = $last();
		Parts::host()->shopper( $id, 'mail_again' );
		if ( $last() === $before ) {
			throw new Refusal( 'not_possible', __( 'Not mailed: the code went out less than five minutes ago, or it can not be paid any more.', 'efectivo' ) );
		}
	}

	/** The screen on which the button was: the order's own, or the case's. */
	private static function back( string $id ): string {
		$case  = '' !== self::posted( 'order' ) ? Parts::host()->load( $id ) : null;
		$order = $case ? wc_get_order( (int) $case->order ) : null;
		return $order ? $order->get_edit_order_url() : self::url( array( 'case' => $id ) );
	}

	/** @return mixed */
	private static function decision() {
		$resolution = self::posted( 'resolution' );
		if ( '' !== $resolution ) {
			return array( 'resolve' => array( 'review' => (int) self::posted( 'review' ), 'resolution' => $resolution, 'reason' => self::posted( 'reason' ) ) ); // phpcs:ignore
		}
		// phpcs:ignore WordPress.Security -- JSON; checked by nonce above, and the core refuses what it did not offer.
		return json_decode( isset( $_POST['decision'] ) ? (string) wp_unslash( $_POST['decision'] ) : '' );
	}

	/** What is pressed at the test agent. */
	public function agent(): void {
		self::check( self::AGENT );
		self::done(
			static function () {
				Agent_Screen::act( self::posted( 'do' ), self::posted( 'code' ), self::posted( 'amount' ), self::posted( 'rule' ) );
				Parts::pump()->run( 10.0 );
				return __( 'Done.', 'efectivo' );
			},
			self::url( array( 'tab' => 'agent' ) )
		);
	}

	/** Calls a channel's notice address as a provider would. */
	public function test(): void {
		self::check( self::TEST );
		self::done(
			static function () {
				$channel           = Parts::settings()->channel( self::posted( 'channel' ) );
				list( $ok, $told ) = Notice_Test::run( $channel ? $channel->notice_url : '', Parts::door(), Parts::settings()->desk_locale() );
				if ( $channel ) {
					update_option( Channels_Screen::TESTED, array( $channel->id => array( 'ok' => $ok, 'at' => Parts::clock()->now(), 'told' => $told ) ) + (array) get_option( Channels_Screen::TESTED, array() ), false ); // phpcs:ignore
				}
				if ( ! $ok ) {
					throw new Refusal( 'test', $told );
				}
				return $told;
			},
			self::url( array( 'tab' => 'guide' === self::posted( 'from' ) ? 'guide' : 'channels' ) )
		);
	}

	/** Asks a provider whether it accepts a channel's keys. */
	public function keys(): void {
		self::check( self::KEYS );
		self::done(
			static function () {
				list( $ok, $told ) = Parts::keys_check()->run( self::posted( 'channel' ) );
				if ( ! $ok ) {
					throw new Refusal( 'keys', $told );
				}
				return $told;
			},
			self::url( array( 'tab' => 'guide' === self::posted( 'from' ) ? 'guide' : 'channels' ) )
		);
	}

	/** Dies where the press is not the administrator's own. */
	public static function check( string $nonce ): void {
		check_admin_referer( $nonce );
		if ( ! current_user_can( self::RIGHT ) ) {
			wp_die( esc_html__( 'You may not do that.', 'efectivo' ), 403 );
		}
	}

	private static function done( callable $work, string $then ): void {
		try {
			$told = array( true, $work() );
		} catch ( \RuntimeException $error ) {
			$told = array( false, $error instanceof Refusal ? $error->told() : __( 'That did not work. Nothing was changed.', 'efectivo' ) );
		}
		set_transient( 'efectivo_told_' . get_current_user_id(), $told, MINUTE_IN_SECONDS );
		wp_safe_redirect( $then );
		exit;
	}

	private static function query( string $name ): string {
		return isset( $_GET[ $name ] ) ? sanitize_text_field( wp_unslash( $_GET[ $name ] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification -- only where to look.
	}

	private static function posted( string $name ): string {
		return isset( $_POST[ $name ] ) ? sanitize_textarea_field( wp_unslash( $_POST[ $name ] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification -- checked before it is used.
	}
}
