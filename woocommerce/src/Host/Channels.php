<?php /** Channel rows between the store, where tokens are sealed, and the core, which needs them open. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Channels {
	/** @var Store */
	private $store;
	/** @var \Efectivo\Woo\Settings */
	private $settings;

	public function __construct( Store $store, \Efectivo\Woo\Settings $settings ) {
		$this->store    = $store;
		$this->settings = $settings;
	}

	/** Every channel of the settings: id => `{version, row}`. */
	public function read(): array {
		$stored = array();
		foreach ( $this->store->channels() as $row ) {
			$stored[ $row->id ] = $row;
		}
		$all = array();
		foreach ( $this->settings->core()->channels as $channel ) {
			$known = isset( $stored[ $channel->id ] ) ? $stored[ $channel->id ] : null;
			$row   = $known ? $known->doc : (object) array( 'id' => $channel->id );
			$token = $known && null !== $known->token ? Seal::open( $known->token, $channel->id ) : '';
			if ( '' !== $token ) {
				$row->token = json_decode( $token );
			}
			$all[ $channel->id ] = (object) array(
				'version' => $known ? $known->version : 0,
				'row'     => $row,
			);
		}
		return $all;
	}

	/** The rows that the core saw, as it wants them. */
	public static function rows( array $all ): array {
		return array_values( array_map( static function ( $one ) { return $one->row; }, $all ) ); // phpcs:ignore
	}

	/** The rows that differ from what was read, as the store wants them. */
	public function changed( array $before, array $rows ): array {
		$changed = array();
		foreach ( $rows as $row ) {
			$was = isset( $before[ $row->id ] ) ? $before[ $row->id ] : null;
			if ( $was && Door::json( self::whole( $was->row ) ) === Door::json( self::whole( $row ) ) ) {
				continue;
			}
			$doc = clone $row;
			unset( $doc->token );
			$changed[] = (object) array(
				'id'      => $row->id,
				'version' => $was ? $was->version : 0,
				'token'   => empty( $row->token ) ? null : Seal::close( Door::json( $row->token ), $row->id ),
				'doc'     => $doc,
			);
		}
		return $changed;
	}

	/** A row with its fields in one order, so that two of them compare. */
	private static function whole( $row ): array {
		$fields = (array) $row;
		if ( ! isset( $fields['token'] ) ) {
			unset( $fields['token'] );
		}
		ksort( $fields );
		return $fields;
	}
}
