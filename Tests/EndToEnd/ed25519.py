"""Ed25519 (RFC 8032 § 5.1), enough to sign as a service does; slow, and only for tests."""

from hashlib import sha512

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)


def _recover_x(y):
    squared = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME)
    x = pow(squared, (PRIME + 3) // 8, PRIME)
    if (x * x - squared) % PRIME:
        x = x * ROOT % PRIME
    return PRIME - x if x % 2 else x


BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
BASE = (_recover_x(BASE_Y), BASE_Y)


def _add(one, other):
    (x, y), (u, v) = one, other
    product = CURVE * x * u * y * v
    return ((x * v + u * y) * pow(1 + product, -1, PRIME) % PRIME, (y * v + x * u) * pow(1 - product, -1, PRIME) % PRIME)


def _multiply(number):
    result, point = (0, 1), BASE
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _encode(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _scalar(seed):
    digest = sha512(seed).digest()
    number = int.from_bytes(digest[:32], "little")
    return (number & ((1 << 254) - 8)) | (1 << 254), digest[32:]


def public_key(seed):
    return _encode(_multiply(_scalar(seed)[0]))


def sign(seed, message):
    scalar, prefix = _scalar(seed)
    key = _encode(_multiply(scalar))
    once = int.from_bytes(sha512(prefix + message).digest(), "little") % ORDER
    point = _encode(_multiply(once))
    challenge = int.from_bytes(sha512(point + key + message).digest(), "little") % ORDER
    return point + ((once + challenge * scalar) % ORDER).to_bytes(32, "little")


# RFC 8032 § 7.1, test 2.
assert public_key(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")).hex() == (
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
