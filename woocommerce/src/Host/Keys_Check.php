<?php /** Whether a channel's keys are good: one question that changes nothing, built and judged by the core. */
namespace Efectivo\Woo\Host;

use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Keys_Check {
	/** @var Door */
	private $door;
	/** @var Settings */
	private $settings;
	/** @var Sender */
	private $sender;
	/** @var Clock */
	private $clock;

	public function __construct( Door $door, Settings $settings, Sender $sender, Clock $clock ) {
		$this->door     = $door;
		$this->settings = $settings;
		$this->sender   = $sender;
		$this->clock    = $clock;
	}

	/**
	 * @return array `[good, sentence]`.
	 * @throws Refusal Where a key is missing or of another shape, or the site is a copy.
	 */
	public function run( string $id ): array {
		if ( ! $this->settings->may_act() ) {
			throw new Refusal( 'copy', __( 'This site is a copy that nobody has confirmed.', 'efectivo' ) );
		}
		$channel = $this->settings->channel( $id );
		$lang    = $this->settings->desk_locale();
		$about   = array( 'settings' => $this->settings->core(), 'channel' => $id, 'now' => $this->clock->now() );
		$made    = $this->door->call( 'check_keys', $about + array( 'credentials' => $this->settings->credentials( $id ), 'entropy' => bin2hex( random_bytes( 32 ) ) ), '', $lang );
		if ( isset( $made->ok->none ) ) {
			return array( true, $made->ok->none );
		}
		$request = Signer::signed( $made->ok->request, $made->bytes, $this->settings->held_keys( $id ) );
		$got     = $this->sender->send( $request, $made->bytes, $channel );
		Log::write( 'keys_checked', array( 'channel' => $id, 'status' => $got['status'], 'failure' => $got['failure'] ) );
		$told = $this->door->call( 'keys_checked', $about + array( 'answer' => $got['answer'] ), $got['bytes'], $lang )->ok;
		return array( $told->good, $told->text );
	}
}
