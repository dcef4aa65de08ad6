/// A small generator with a fixed start, so that every case can be repeated: SplitMix64, a stream of its own
/// for each round of a seed.
struct FuzzRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, round: UInt64) {
    state = FuzzRandom.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ FuzzRandom.mix(round &* 0xD134_2543_DE82_EF95)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return FuzzRandom.mix(state)
  }

  static func mix(_ bits: UInt64) -> UInt64 {
    var value = bits
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number from 0 up to `bound`, which it never reaches; 0 when there is no room.
  mutating func below(_ bound: Int) -> Int {
    bound > 1 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
  }

  /// True once in `times` on average.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }

  /// One of the elements; `elements` is not empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Small numbers mostly, large ones now and then: how often something is repeated.
  mutating func repetitions() -> Int {
    switch below(64) {
    case 0: 200 + below(2_000)
    case 1..<8: 16 + below(240)
    default: 1 + below(8)
    }
  }
}
