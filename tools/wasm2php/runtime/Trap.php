<?php /** What a translated module ends in when it must not go on; the instance is thrown away then. */

namespace Wasm2php;

final class Trap extends \RuntimeException {
}
