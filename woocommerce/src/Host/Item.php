<?php /** One output that this request has claimed, with its attempt. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Item {
	/** @var string */
	public $case_id;
	/** @var object `{no, lane, repeatable, body}` as the core gave it */
	public $output;
	/** @var int */
	public $attempt;
	/** @var int|null when an earlier attempt left */
	public $sent_at;

	public static function of( array $row ): self {
		$item          = new self();
		$item->case_id = $row['case_id'];
		$item->attempt = (int) $row['attempt'];
		$item->sent_at = null === $row['sent_at'] ? null : (int) $row['sent_at'];
		$item->output  = (object) array(
			'no'         => (int) $row['no'],
			'lane'       => $row['lane'],
			'repeatable' => (bool) (int) $row['repeatable'],
			'body'       => json_decode( $row['body'] ),
		);
		return $item;
	}

	public function left_before(): bool {
		return null !== $this->sent_at;
	}
}
