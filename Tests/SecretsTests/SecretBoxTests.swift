import Testing

@testable import Secrets

@Suite struct MasterKeyTests {
  static let digits = String(repeating: "0123456789abcdef", count: 4)

  @Test func `64 digits of either case are a key, and it is written back`() throws {
    let key = try MasterKey(hexadecimal: Self.digits)
    #expect(try MasterKey(hexadecimal: Self.digits.uppercased() + "\n").id == key.id)
    #expect(key.hexadecimal == Self.digits)
    #expect(!key.description.contains(Self.digits))
  }

  @Test func `what is no key is refused with the way to make one`() {
    #expect(throws: MasterKey.Malformation.wrongLength(found: 0)) { try MasterKey(hexadecimal: " \n") }
    #expect(throws: MasterKey.Malformation.wrongLength(found: 63)) {
      try MasterKey(hexadecimal: String(Self.digits.dropLast()))
    }
    #expect(throws: MasterKey.Malformation.notHexadecimal) {
      try MasterKey(hexadecimal: "g" + Self.digits.dropLast())
    }
    #expect(throws: MasterKey.Malformation.allZero) {
      try MasterKey(hexadecimal: String(repeating: "0", count: 64))
    }
    let errors: [MasterKey.Malformation] = [.wrongLength(found: 3), .notHexadecimal, .allZero]
    for error in errors { #expect(error.description.contains("openssl rand -hex 32")) }
  }

  @Test func `generated keys differ`() {
    #expect(MasterKey.generate().id != MasterKey.generate().id)
  }
}

@Suite struct SecretBoxTests {
  let key = MasterKey.generate()
  let context = SecretContext(
    purpose: "integration.credentials", organization: UUIDv7(high: 1, low: 2), row: UUIDv7(high: 3, low: 4))

  @Test(arguments: [0, 1, 16, 1000, 100_000])
  func `a secret of any length comes back`(length: Int) throws {
    let box = SecretBox(current: key)
    let secret = RandomBytes.generate(length)
    let blob = try box.seal(secret, for: context)
    #expect(blob.count == length + SecretBox.overhead)
    #expect(try box.open(blob, for: context) == secret)
  }

  @Test func `the same secret never gives the same blob`() throws {
    let box = SecretBox(current: key)
    #expect(try box.seal([1, 2, 3], for: context) != box.seal([1, 2, 3], for: context))
  }

  @Test func `every changed bit is noticed`() throws {
    let box = SecretBox(current: key)
    let blob = try box.seal([1, 2, 3], for: context)
    for index in blob.indices {
      for bit in 0..<8 {
        var changed = blob
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: SecretBox.Failure.self) { try box.open(changed, for: context) }
      }
    }
  }

  @Test func `truncated and foreign blobs are refused`() throws {
    let box = SecretBox(current: key)
    let blob = try box.seal([1, 2, 3], for: context)
    for length in 0..<blob.count {
      #expect(throws: SecretBox.Failure.self) { try box.open(blob.prefix(length), for: context) }
    }
    #expect(throws: SecretBox.Failure.notAuthentic) { try box.open(blob + [0], for: context) }
    #expect(throws: SecretBox.Failure.malformed) {
      try box.open([UInt8](repeating: 9, count: 60), for: context)
    }
  }

  @Test func `a blob does not open at another place`() throws {
    let box = SecretBox(current: key)
    let blob = try box.seal([1, 2, 3], for: context)
    let others = [
      SecretContext(purpose: "webhook.secret", organization: context.organization, row: context.row),
      SecretContext(purpose: context.purpose, organization: UUIDv7(high: 1, low: 3), row: context.row),
      SecretContext(purpose: context.purpose, organization: nil, row: context.row),
      SecretContext(purpose: context.purpose, organization: context.organization),
      SecretContext(purpose: context.purpose, organization: context.row, row: context.organization),
    ]
    for other in others {
      #expect(throws: SecretBox.Failure.notAuthentic) { try box.open(blob, for: other) }
    }
  }

  @Test func `the parts of a context cannot run into each other`() throws {
    let box = SecretBox(current: key)
    let id = UUIDv7(high: 7, low: 8)
    let blob = try box.seal([1], for: SecretContext(purpose: "a", organization: id, row: nil))
    #expect(throws: SecretBox.Failure.notAuthentic) {
      try box.open(blob, for: SecretContext(purpose: "a", organization: nil, row: id))
    }
  }

  @Test func `after a rotation old blobs open and ask to be sealed anew`() throws {
    let old = SecretBox(current: key)
    let blob = try old.seal([1, 2, 3], for: context)
    let rotated = SecretBox(current: .generate(), previous: [key])
    #expect(try rotated.open(blob, for: context) == [1, 2, 3])
    #expect(rotated.needsResealing(blob) && !old.needsResealing(blob))
    let fresh = try rotated.seal([4], for: context)
    #expect(!rotated.needsResealing(fresh))
    #expect(throws: SecretBox.Failure.self) { try old.open(fresh, for: context) }
  }

  @Test func `an unknown key is named by its id`() throws {
    let blob = try SecretBox(current: key).seal([1], for: context)
    let failure = SecretBox.Failure.unknownKey(id: key.id)
    #expect(throws: failure) { try SecretBox(current: .generate()).open(blob, for: context) }
    #expect(failure.description.contains(String(key.id, radix: 16)))
    #expect(SecretBox.Failure.malformed.description != SecretBox.Failure.notAuthentic.description)
  }
}
