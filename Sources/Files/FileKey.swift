/// The name of a stored file: two or three short words of lower-case letters, digits and hyphens, separated
/// by slashes, with an extension. Nothing else is a key, so none leads out of a folder or needs escaping in a
/// URL.
public struct FileKey: Sendable, Hashable, CustomStringConvertible {
  public static let maximumBytes = 200

  /// `avatars/0190…/0190….png`.
  public let text: String

  /// Nil for a text that is no key.
  public init?(_ text: some StringProtocol) {
    let text = String(text)
    let words = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard text.utf8.count <= FileKey.maximumBytes, (2...3).contains(words.count), let last = words.last
    else { return nil }
    let name = last.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard name.count == 2, (words.dropLast() + name).allSatisfy(FileKey.isWord) else { return nil }
    self.text = text
  }

  public var description: String { text }

  /// The part behind the point.
  public var fileExtension: Substring {
    text[text.index(after: text.lastIndex(of: ".") ?? text.startIndex)...]
  }

  private static func isWord(_ word: Substring.UTF8View.SubSequence) -> Bool {
    !word.isEmpty
      && word.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
