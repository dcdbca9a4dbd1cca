<?php /** Everything that one input changed, as it goes into the store. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Change {
	/** @var object the case after the input */
	public $case;
	/** @var int the version that it was read with; 0 for a new one */
	public $version = 0;
	/** @var string[] */
	public $keys = array();
	/** @var object[] */
	public $journal = array();
	/** @var object[] */
	public $outputs = array();
	/** @var object[] channel rows as stored */
	public $channels = array();
	/** @var object[] `{kind, purge_after, body}` */
	public $evidence = array();
	/** @var array|null `no`, `attempt`, `dead` of the output that this input is the answer to */
	public $completes = null;
	/** @var int the number in the inbox of the notice that this input is; 0 for none */
	public $notice = 0;
	/** @var int */
	public $now = 0;
}
