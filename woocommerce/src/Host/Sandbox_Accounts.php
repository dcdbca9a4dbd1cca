<?php /** This site's own accounts at the simulated providers: made from one secret that is kept sealed, known to no provider and good for nothing else. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Sandbox_Accounts {
	/** The options that hold the secret and the private key, sealed. */
	const SEED = 'efectivo_sandbox_seed';
	const PAIR = 'efectivo_sandbox_pair';
	/** The size that providers ask for. */
	const KEY_BITS = 2048;

	/** @var Door */
	private $door;
	/** @var array answers of the core by provider */
	private $known = array();
	/** @var string */
	private $pair = '';

	public function __construct( Door $door ) {
		$this->door = $door;
	}

	/** Whether this PHP can play a provider's merchant: a signature that the core leaves to the host needs openssl. */
	public static function can( $able ): bool {
		/** Filters whether this PHP has openssl; a test says no. */
		return ! $able->host_keys || apply_filters( 'efectivo_has_openssl', function_exists( 'openssl_pkey_new' ) );
	}

	/** The account at a provider: `path` of its side in the sandbox, `keys` for the core, `accounts` for the sandbox's world. */
	public function at( $able, string $notice_url ) {
		if ( ! isset( $this->known[ $able->provider ] ) ) {
			$ask = array( 'provider' => $able->provider, 'seed' => $this->seed(), 'notice_url' => $notice_url ); // phpcs:ignore
			if ( $able->host_keys ) {
				$ask['public_modulus'] = bin2hex( openssl_pkey_get_details( openssl_pkey_get_private( $this->pair() ) )['rsa']['n'] );
			}
			$this->known[ $able->provider ] = $this->door->call( 'sandbox_account', $ask )->ok;
		}
		return $this->known[ $able->provider ];
	}

	/** @return string[] The private keys that requests are signed with here, by name. */
	public function held( $able ): array {
		return $able->host_keys ? array_fill_keys( $able->host_keys, $this->pair() ) : array();
	}

	private function seed(): string {
		return self::kept(
			self::SEED,
			static function () {
				return bin2hex( random_bytes( 32 ) );
			}
		);
	}

	/** The private key in PEM. @throws Refusal Where openssl makes none. */
	private function pair(): string {
		if ( '' === $this->pair ) {
			$this->pair = self::kept(
				self::PAIR,
				static function () {
					$made = openssl_pkey_new( array( 'private_key_bits' => self::KEY_BITS, 'private_key_type' => OPENSSL_KEYTYPE_RSA ) ); // phpcs:ignore
					if ( ! $made || ! openssl_pkey_export( $made, $text ) ) {
						throw new Refusal( 'no_openssl', __( 'The openssl of this PHP makes no keys, and this provider\'s requests are signed with one.', 'efectivo' ), __( 'Ask your host to set openssl up (its openssl.cnf may be missing).', 'efectivo' ) );
					}
					return $text;
				}
			);
		}
		return $this->pair;
	}

	/** What an option holds sealed; made anew where there is none, or where the site's salts have changed since. Both sides of the sandbox read it, so that nothing else has to be told. */
	private static function kept( string $option, callable $make ): string {
		$open = static function () use ( $option ) {
			return Seal::open( (string) get_option( $option, '' ), $option );
		};
		$text = $open();
		if ( '' !== $text ) {
			return $text;
		}
		$box = Seal::close( $make(), $option );
		if ( ! add_option( $option, $box, '', false ) && '' === $open() ) {
			update_option( $option, $box, false );
		}
		return $open();
	}
}
