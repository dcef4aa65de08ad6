/// The kinds of images that are taken, known by their first bytes, whatever a client says.
public enum ImageType: String, Sendable, CaseIterable {
  case png, jpeg, webp, gif

  /// Nil when the bytes begin no such image.
  public init?(sniffing head: [UInt8]) {
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if head.starts(with: Array("GIF87a".utf8)) || head.starts(with: Array("GIF89a".utf8)) {
      self = .gif
    } else if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webp
    } else {
      return nil
    }
  }

  public var mediaType: String { "image/" + rawValue }
  public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  public init?(fileExtension: some StringProtocol) {
    guard let type = ImageType.allCases.first(where: { $0.fileExtension == fileExtension }) else {
      return nil
    }
    self = type
  }
}
