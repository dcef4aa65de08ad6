import Synchronization
import Testing

@testable import Secrets

@Suite struct UUIDv7Tests {
  @Test func `ids carry version, variant and time`() {
    let id = UUIDv7Generator { 0x0123_4567_89AB }.next()
    #expect(id.unixMilliseconds == 0x0123_4567_89AB)
    #expect(id.high >> 12 & 0xF == 7)
    #expect(id.low >> 62 == 0b10)
    #expect(id.description.hasPrefix("01234567-89ab-7"))
  }

  @Test func `the vector of RFC 9562, appendix A-6, is read and written`() throws {
    let id = try #require(UUIDv7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
    #expect(id.unixMilliseconds == 0x017F_22E2_79B0)
    #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    #expect(UUIDv7(bytes: id.bytes) == id)
  }

  @Test(arguments: [
    "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
    "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
    "017f22e2+79b0-7cc3-98c4-dc0c0c07398f",
  ])
  func `what is no UUID is nil`(text: String) {
    #expect(UUIDv7(text) == nil)
  }

  @Test func `bytes of another length are nil`() {
    #expect(UUIDv7(bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(UUIDv7(bytes: [UInt8](repeating: 0, count: 17)) == nil)
  }

  @Test func `ids rise within a millisecond, past the counter's end and when the clock steps back`() {
    let time = Mutex<UInt64>(1000)
    let generator = UUIDv7Generator { time.withLock { $0 } }
    var last = generator.next()
    for step in 0..<20_000 {
      if step == 10_000 { time.withLock { $0 = 500 } }
      let next = generator.next()
      #expect(last < next)
      last = next
    }
    time.withLock { $0 = 5000 }
    #expect(generator.next().unixMilliseconds == 5000)
  }

  @Test func `threads never get the same id`() async {
    let generator = UUIDv7Generator()
    let ids = await withTaskGroup(of: [UUIDv7].self) { group in
      for _ in 0..<4 { group.addTask { (0..<5000).map { _ in generator.next() } } }
      return await group.reduce(into: Set<UUIDv7>()) { $0.formUnion($1) }
    }
    #expect(ids.count == 20_000)
  }
}

@Suite struct RandomBytesTests {
  @Test func `there are as many as were asked for, others each time`() {
    for length in [0, 1, 16, 69] { #expect(RandomBytes.generate(length).count == length) }
    #expect(RandomBytes.generate(16) != RandomBytes.generate(16))
  }
}

@Suite struct OpaqueTokenTests {
  let owner = UUIDv7(high: 1, low: 2)
  let id = UUIDv7(high: 3, low: 4)

  @Test func `a token finds its row and matches only its own hash`() throws {
    let token = OpaqueToken(kind: .refresh, owner: owner, id: id)
    let read = try #require(OpaqueToken(token.text, kind: .refresh))
    #expect(read == token && read.owner == owner && read.id == id)
    #expect(read.matches(storedHash: token.hash) && token.hash.count == 32)
    let other = OpaqueToken(kind: .refresh, owner: owner, id: id)
    #expect(!other.matches(storedHash: token.hash) && other != token)
    #expect(!token.matches(storedHash: token.hash.dropLast()))
  }

  @Test func `a changed row, a foreign prefix and a broken text are refused`() throws {
    let token = OpaqueToken(kind: .refresh, owner: owner, id: id)
    let key = OpaqueToken.Kind(prefix: "studio_key_")
    #expect(OpaqueToken(token.text, kind: key) == nil)
    #expect(OpaqueToken(String(token.text.dropLast()), kind: .refresh) == nil)
    #expect(OpaqueToken(token.text + "A", kind: .refresh) == nil)
    #expect(OpaqueToken(String(token.text.dropLast()) + "!", kind: .refresh) == nil)
    let position = token.text.index(token.text.startIndex, offsetBy: 12)
    var moved = token.text
    moved.replaceSubrange(position...position, with: moved[position] == "A" ? "B" : "A")
    if let moved = OpaqueToken(moved, kind: .refresh) { #expect(!moved.matches(storedHash: token.hash)) }
  }

  @Test func `its description holds no secret`() {
    let token = OpaqueToken(kind: .refresh, owner: owner, id: id)
    #expect(!token.description.contains(token.text.suffix(20)))
  }
}
