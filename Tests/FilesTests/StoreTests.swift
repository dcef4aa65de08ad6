import Crypto
import Foundation
import NIOCore
import Testing

@testable import Files

/// Keys, kinds of images, and files in a folder.
@Suite struct StoreTests {
  @Test func `only short names of harmless letters are keys`() {
    for text in ["avatars/0190-a/b-1.png", "a/b.c"] { #expect(FileKey(text)?.text == text) }
    for text in [
      "", "a", "a.png", "../a.png", "a/../b.png", "a//b.png", "/a/b.png", "a/b.png/", "A/b.png", "a/b",
      "a/b.",
      "a/.png", "a/b.p.g", "a/b%2e.png", "a/b\u{0}.png", "a/é.png", "a/b/c/d.png",
      "a/" + String(repeating: "b", count: 200) + ".png",
    ] { #expect(FileKey(text) == nil, "\(text)") }
    #expect(FileKey("a/b.png")?.fileExtension == "png")
  }

  @Test func `an image is known by its first bytes`() {
    #expect(ImageType(sniffing: [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A, 0]) == .png)
    #expect(ImageType(sniffing: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
    #expect(ImageType(sniffing: Array("GIF89a".utf8)) == .gif)
    #expect(ImageType(sniffing: Array("RIFF1234WEBPVP8 ".utf8)) == .webp)
    for text in ["", "<svg xmlns=", "<html>", "RIFF1234WAVE", "GIF88a", "%PDF-1.7"] {
      #expect(ImageType(sniffing: Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test func `the time of a signature is that of the calendar`() {
    #expect(SignatureV4.time(0) == "19700101T000000Z")
    #expect(SignatureV4.time(951_827_696) == "20000229T123456Z")
    #expect(SignatureV4.time(1_795_253_400) == "20261121T093000Z")
    #expect(SignatureV4.time(4_102_444_799) == "20991231T235959Z")
  }

  @Test func `a file is kept whole, read piece by piece and deleted`() async throws {
    try await withFolder { folder in
      let (reception, store) = (try Reception(folder: folder), try DiskStore(folder: folder))
      let content = ByteBuffer(bytes: (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      var incoming = try await reception.receive()
      var rest = content
      while let piece = rest.readSlice(length: min(rest.readableBytes, 33_333)), piece.readableBytes > 0 {
        try await incoming.write(piece)
      }
      let key = try #require(FileKey("avatars/u/1.png"))
      let received = try await incoming.finish()
      #expect(received.size == 200_000 && received.head == Array(content.readableBytesView.prefix(32)))
      #expect(received.sha256 == Array(SHA256.hash(data: Data(content.readableBytesView))))
      try await store.keep(received, as: key, type: "image/png")
      let file = try #require(try await store.open(key))
      var read = ByteBuffer()
      while var piece = try await file.next() {
        #expect(piece.readableBytes <= 65_536)
        read.writeBuffer(&piece)
      }
      #expect(read == content && file.size == 200_000)
      try await store.delete(key)
      try await store.delete(key)
      let gone = try await store.open(key)
      #expect(gone == nil)
    }
  }

  @Test func `what no store takes is deleted with the request, and what a crash left after an hour`()
    async throws
  {
    try await withFolder { folder in
      let incoming = folder + "/incoming"
      let reception = try Reception(folder: folder)
      do {
        let file = try await reception.receive().finish()
        #expect(file.size == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).count == 1)
      }
      do { _ = try await reception.receive() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty)
      for (name, age) in [("old", 3700.0), ("young", 60)] {
        _ = FileManager.default.createFile(atPath: "\(incoming)/\(name)", contents: Data())
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: "\(incoming)/\(name)")
      }
      await reception.sweep()
      #expect(try FileManager.default.contentsOfDirectory(atPath: incoming) == ["young"])
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }
}

extension StoredFile: Equatable {
  public static func == (left: StoredFile, right: StoredFile) -> Bool { left.size == right.size }
}
