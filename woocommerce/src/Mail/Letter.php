<?php /** One kind of mail as WooCommerce's mail settings know it; its words come from the core, in the shopper's language. */
namespace Efectivo\Woo\Mail;

defined( 'ABSPATH' ) || exit;

final class Letter extends \WC_Email {
	/** @var string the core's name of the kind */
	private $kind;
	/** @var object|null the mail as the core wrote it */
	private $written = null;

	public function __construct( string $kind ) {
		$this->kind           = $kind;
		$this->id             = "efectivo_$kind";
		$this->customer_email = true;
		$this->title          = Kinds::title( $kind );
		$this->description    = Kinds::description( $kind );
		parent::__construct();
		$this->enabled = Kinds::is_on( $kind ) ? 'yes' : 'no';
	}

	/** Sends what the core wrote; false where the mail server did not take it. */
	public function post( $mail, $order ): bool {
		$this->written   = $mail;
		$this->recipient = $mail->to;
		$this->object    = $order;
		$name            = static function ( $mailer ) use ( $mail ) {
			$mailer->MessageID = $mail->message_id; // phpcs:ignore WordPress.NamingConventions.ValidVariableName -- PHPMailer's own name.
		};
		add_action( 'phpmailer_init', $name, 99 );
		try {
			return (bool) $this->send( $mail->to, $mail->subject, $this->get_content(), $this->get_headers(), array() );
		} finally {
			remove_action( 'phpmailer_init', $name, 99 );
		}
	}

	public function get_content_html() {
		return $this->written ? $this->written->html : '';
	}

	public function get_content_plain() {
		return $this->written ? $this->written->text : '';
	}

	public function get_default_subject() {
		return '';
	}

	public function get_default_heading() {
		return '';
	}

	/** What a merchant sets of it: whether it is sent, and in which form. */
	public function init_form_fields() {
		$first             = in_array( $this->kind, Kinds::OFF_AT_FIRST, true ) ? 'no' : 'yes';
		$this->form_fields = array(
			'enabled'    => array( 'title' => __( 'Enable/Disable', 'efectivo' ), 'type' => 'checkbox', 'label' => __( 'Send this mail', 'efectivo' ), 'default' => $first ), // phpcs:ignore
			'email_type' => array( 'title' => __( 'Form', 'efectivo' ), 'type' => 'select', 'default' => 'multipart', 'options' => $this->get_email_type_options() ), // phpcs:ignore
		);
	}

	/** The core's HTML is whole and has its own style. */
	public function style_inline( $content ) {
		return $content;
	}
}
