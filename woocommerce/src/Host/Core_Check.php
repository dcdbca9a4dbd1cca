<?php /** Whether the core may be asked: every one of its files is as it was built, and known questions are answered right. Looked at again as long as the plugin runs. */
namespace Efectivo\Woo\Host;

use Efectivo\Core\Core;

defined( 'ABSPATH' ) || exit;

final class Core_Check {
	/** The option that holds what was found: `of` (versions), `stamp` (sizes and times), `at`, `whole_at`, `why`. */
	const OPTION = 'efectivo_core';
	/** A look at sizes and times takes a millisecond, at every byte some 40: files that a host's disk or a cut-off upload has changed are found within a minute. */
	const LOOK_SECONDS  = MINUTE_IN_SECONDS;
	const WHOLE_SECONDS = HOUR_IN_SECONDS;

	/** Why the core may not be asked, as a sentence for the administrator; '' where it may. `$now` looks at the files whenever the last look was. */
	public static function why_not( bool $now = false ): string {
		$known = self::known();
		$age   = time() - $known['at'];
		$fresh = self::made_of() === $known['of'] && $age >= 0 && $age < self::LOOK_SECONDS;
		if ( $fresh && ! $now ) {
			return $known['why'];
		}
		$stamp = self::stamp();
		$whole = self::made_of() === $known['of'] && $stamp === $known['stamp'] && '' === $known['why'] && time() - $known['whole_at'] < self::WHOLE_SECONDS;
		if ( $whole && $fresh ) {
			return ''; // nothing has changed, so that nothing is written
		}
		$why = $whole ? '' : self::wrong();
		update_option( self::OPTION, array( 'of' => self::made_of(), 'stamp' => $stamp, 'at' => time(), 'whole_at' => $whole ? $known['whole_at'] : time(), 'why' => $why ), true ); // phpcs:ignore
		return $why;
	}

	/** What is wrong with the core here; '' for nothing. */
	private static function wrong(): string {
		if ( PHP_INT_SIZE < 8 ) {
			return __( 'This PHP is a 32-bit one, which can not hold amounts exactly. Ask your host for a 64-bit PHP.', 'efectivo' );
		}
		try {
			$strange = self::strange();
			if ( '' !== $strange ) {
				/* translators: %s: a file's name */
				return sprintf( __( 'The file core/%s of this plugin is missing, can not be read, or is not as it was made. Install the plugin again.', 'efectivo' ), $strange );
			}
			require_once Door::FILE;
			Core::selftest();
			return '';
		} catch ( \Throwable $failure ) {
			return __( 'The part of this plugin that decides gave a wrong answer to a known question, so it was not switched on. Install the plugin again; if that does not help, tell us your PHP version.', 'efectivo' );
		}
	}

	/** The first file that is not what the list of digests says; '' for none. PHP's own copy of a mended file is thrown away. */
	private static function strange(): string {
		$digests = self::digests();
		if ( ! $digests ) {
			return 'files.json';
		}
		foreach ( $digests as $name => $digest ) {
			$file = EFECTIVO_DIR . "/core/$name";
			// phpcs:ignore WordPress.PHP.NoSilencedErrors -- an unreadable file is what is looked for.
			if ( ! is_readable( $file ) || @hash_file( 'sha256', $file ) !== $digest ) {
				return $name;
			}
			if ( function_exists( 'opcache_invalidate' ) ) {
				opcache_invalidate( $file );
			}
		}
		return '';
	}

	/** Digests by file name; none where the list itself is broken. */
	private static function digests(): array {
		$list = EFECTIVO_DIR . '/core/files.json';
		$read = is_readable( $list ) ? json_decode( (string) file_get_contents( $list ), true ) : null; // phpcs:ignore -- a file of this plugin.
		return is_array( $read ) && isset( $read['Core.php'] ) ? $read : array();
	}

	/** Sizes and times of the files as they are now. */
	private static function stamp(): string {
		clearstatcache();
		$seen = '';
		foreach ( array_merge( array( 'files.json' ), array_keys( self::digests() ) ) as $name ) {
			$stat  = is_readable( EFECTIVO_DIR . "/core/$name" ) ? stat( EFECTIVO_DIR . "/core/$name" ) : array( 'size' => '-', 'mtime' => '-' ); // phpcs:ignore
			$seen .= " {$stat['size']} {$stat['mtime']}";
		}
		return md5( $seen );
	}

	private static function made_of(): string {
		return EFECTIVO_VERSION . ' ' . PHP_VERSION;
	}

	private static function known(): array {
		return (array) get_option( self::OPTION, array() ) + array( 'of' => '', 'stamp' => '', 'at' => 0, 'whole_at' => 0, 'why' => '' ); // phpcs:ignore
	}
}
