/// What a byte may begin: one table of 256 entries decides every branch of the lexer.
///
/// A class is an ASCII character, so that the table can be read: a punctuator stands for itself, a space for
/// everything that is ignored (§ 2.1.1 to § 2.1.6), `e` for letters and the underscore, `d` for digits and
/// `?` for all that begins no token. `e` and `d` differ in the lowest bit only, which makes "may continue a
/// name" one comparison.
enum ByteClass {
  static let letter = UInt8(ascii: "e")
  static let digit = UInt8(ascii: "d")
  static let blank = UInt8(ascii: " ")

  /// Read through a pointer: a `StaticString` lies in constant memory and needs no initialisation.
  static let table: StaticString = """
    ?????????  ?? ??\
    ????????????????\
     !"#$?&?()?? -.?\
    dddddddddd:??=??\
    @eeeeeeeeeeeeeee\
    eeeeeeeeeee[?]?e\
    ?eeeeeeeeeeeeeee\
    eeeeeeeeeee{|}??\
    ????????????????????????????????????????????????????????????????\
    ????????????????????????????????????????????????????????????????
    """

  /// Whether a byte of this class may stand behind the first character of a name.
  @inline(__always)
  static func continuesName(_ byteClass: UInt8) -> Bool { byteClass & 0xFE == digit }

  /// The high bit of each of eight bytes that may not stand behind the first character of a name.
  @inline(__always)
  static func endsOfName(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Sums of seven bits and constants up to 0x80 stay within their bytes; the high bit says "at least".
    let low = word & (ones &* 0x7F)
    let lowercased = low | (ones &* 0x20)
    let isLetter = (lowercased &+ (ones &* (0x80 - 0x61))) & ~(lowercased &+ (ones &* (0x7F - 0x7A)))
    let isDigit = (low &+ (ones &* (0x80 - 0x30))) & ~(low &+ (ones &* (0x7F - 0x39)))
    let isNoUnderscore = (low ^ (ones &* 0x5F)) &+ (ones &* 0x7F)
    return ((~(isLetter | isDigit) & isNoUnderscore) | word) & (ones &* 0x80)
  }
}

/// The kind of a token; a punctuator is its own character.
struct TokenKind: Equatable {
  let rawValue: UInt8

  @inline(__always)
  init(_ rawValue: UInt8) { self.rawValue = rawValue }

  static var endOfFile: TokenKind { TokenKind(0) }
  static var name: TokenKind { TokenKind(UInt8(ascii: "N")) }
  static var int: TokenKind { TokenKind(UInt8(ascii: "I")) }
  static var float: TokenKind { TokenKind(UInt8(ascii: "F")) }
  static var string: TokenKind { TokenKind(UInt8(ascii: "S")) }
  static var blockString: TokenKind { TokenKind(UInt8(ascii: "B")) }
  static var spread: TokenKind { TokenKind(UInt8(ascii: ".")) }
  static var bang: TokenKind { TokenKind(UInt8(ascii: "!")) }
  static var dollar: TokenKind { TokenKind(UInt8(ascii: "$")) }
  static var ampersand: TokenKind { TokenKind(UInt8(ascii: "&")) }
  static var openParenthesis: TokenKind { TokenKind(UInt8(ascii: "(")) }
  static var closeParenthesis: TokenKind { TokenKind(UInt8(ascii: ")")) }
  static var colon: TokenKind { TokenKind(UInt8(ascii: ":")) }
  static var equals: TokenKind { TokenKind(UInt8(ascii: "=")) }
  static var atSign: TokenKind { TokenKind(UInt8(ascii: "@")) }
  static var openBracket: TokenKind { TokenKind(UInt8(ascii: "[")) }
  static var closeBracket: TokenKind { TokenKind(UInt8(ascii: "]")) }
  static var openBrace: TokenKind { TokenKind(UInt8(ascii: "{")) }
  static var closeBrace: TokenKind { TokenKind(UInt8(ascii: "}")) }
  static var pipe: TokenKind { TokenKind(UInt8(ascii: "|")) }
}
