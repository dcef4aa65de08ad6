import Base64Text
import Files
import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Schema
import Secrets

/// Reads a GraphQL multipart request (jaydenseric/graphql-multipart-request-spec): the fields `operations`
/// and `map`, then files. Files go to the disk as they arrive; only the two fields are held in memory.
struct FormReader: Sendable {
  /// Files of one request.
  static let maximumFiles = 10
  /// Variables that the map may fill.
  static let maximumPlaces = 100

  let reception: Reception
  /// Of the two fields.
  let maximumJSONBytes: Int
  /// Of each file, and of all of them together; those of JSON apart.
  let maximumFileBytes: Int
  /// Of files of JSON: documents that an operation reads, and that are not kept.
  let maximumDocumentBytes: Int

  /// What came: the operations with a token for each file at its places, and the files by their tokens.
  struct Form: Sendable {
    var operations: InputValue
    var files: [String: ReceivedFile]
  }

  static func isForm(_ contentType: String?) -> Bool {
    // Asked of every request, and nearly all are JSON.
    guard let contentType, let first = contentType.utf8.first, first | 0x20 == UInt8(ascii: "m") else {
      return false
    }
    return contentType.lowercased().hasPrefix("multipart/form-data")
  }

  func read(_ request: Request) async throws(RequestRefusal) -> Form {
    guard let parser = FormParser(contentType: request.headers[.contentType]) else {
      throw RequestRefusal(.mediaType, "Content-Type must be multipart/form-data with a boundary.")
    }
    guard request.headers[.contentEncoding] == nil else {
      throw RequestRefusal(.mediaType, "A multipart request cannot be compressed.")
    }
    let bound = maximumFileBytes + maximumDocumentBytes + maximumJSONBytes
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= bound else { throw tooLarge(bound) }
    var reading = FormReading(parser: parser, reader: self)
    do {
      var total = 0
      for try await piece in request.body {
        total += piece.readableBytes
        guard total <= bound else { throw tooLarge(bound) }
        try await reading.take(piece)
      }
      return try reading.finish()
    } catch let refusal as RequestRefusal {
      throw refusal
    } catch let fault as FormParser.Malformed {
      throw RequestRefusal(.malformed, fault.message).with(.connection, "close")
    } catch is FileError {
      throw RequestRefusal(
        .unavailable,
        [
          GraphQLError(
            "Files cannot be received now. Try again in a moment.",
            extensions: GraphQLService.code(.unavailable))
        ]
      ).with(.connection, "close")
    } catch {
      throw RequestRefusal(.unreadable, "The body did not arrive.").with(.connection, "close")
    }
  }

  func tooLarge(_ bytes: Int) -> RequestRefusal {
    RequestRefusal(.tooLarge, "A request with files may have \(bytes) bytes at most.")
      .with(.connection, "close")
  }
}

/// The state of reading one form.
private struct FormReading {
  private enum Part {
    case none, operations, map
    case file(String, IncomingFile, isDocument: Bool)
    /// Named by nobody.
    case ignored
  }

  private var parser: FormParser
  private let reader: FormReader
  private var part = Part.none
  private var text: [UInt8] = []
  private var operations: InputValue?
  /// The places in the operations for each file, by the file's field.
  private var map: [(field: String, places: [String])]?
  private var files: [String: ReceivedFile] = [:]
  private var fileBytes = 0
  private var documentBytes = 0

  init(parser: FormParser, reader: FormReader) {
    self.parser = parser
    self.reader = reader
  }

  mutating func take(_ piece: ByteBuffer) async throws {
    for event in try parser.feed(piece) {
      switch event {
      case .part(let name, _, let type): try await begin(name, type)
      case .content(let bytes): try await add(bytes)
      case .partEnd: try await end()
      case .end: break
      }
    }
  }

  /// The parts come in this order ("Multipart form field structure").
  private mutating func begin(_ name: String, _ type: String?) async throws {
    text = []
    switch name {
    case "operations" where operations == nil: part = .operations
    case "map" where operations != nil && map == nil: part = .map
    default:
      guard let map else {
        throw FormReading.malformed("The form must begin with the fields \"operations\" and \"map\".")
      }
      let isNamed = map.contains { $0.field == name } && files[name] == nil
      let isDocument = type?.hasPrefix("application/json") == true
      part = isNamed ? .file(name, try await reader.reception.receive(), isDocument: isDocument) : .ignored
    }
  }

  private mutating func add(_ bytes: ByteBuffer) async throws {
    switch part {
    case .none, .ignored: return
    case .operations, .map:
      text += bytes.readableBytesView
      guard text.count <= reader.maximumJSONBytes else { throw reader.tooLarge(reader.maximumJSONBytes) }
    case .file(let name, var file, let isDocument):
      try count(bytes.readableBytes, isDocument: isDocument)
      part = .none
      try await file.write(bytes)
      part = .file(name, file, isDocument: isDocument)
    }
  }

  private mutating func count(_ bytes: Int, isDocument: Bool) throws {
    if isDocument { documentBytes += bytes } else { fileBytes += bytes }
    let problem: String
    if fileBytes > reader.maximumFileBytes {
      problem = "Files may have \(reader.maximumFileBytes) bytes at most."
    } else if documentBytes > reader.maximumDocumentBytes {
      problem = "Files of JSON may have \(reader.maximumDocumentBytes) bytes at most."
    } else {
      return
    }
    throw RequestRefusal(.tooLarge, problem).with(.connection, "close")
  }

  private mutating func end() async throws {
    switch part {
    case .none, .ignored: break
    case .operations: operations = try json("operations")
    case .map: map = try FormReading.map(try json("map"))
    case .file(let name, let file, _): files[name] = try await file.finish()
    }
    part = .none
  }

  private func json(_ field: String) throws -> InputValue {
    do {
      return try JSONReader.read(text)
    } catch {
      throw RequestRefusal(.unreadable, "The field \"\(field)\" is not JSON: \(error.message).")
    }
  }

  /// `{"0": ["variables.file"]}`.
  private static func map(_ value: InputValue) throws -> [(field: String, places: [String])] {
    guard let object = value.object, object.fields.count <= FormReader.maximumFiles else {
      throw malformed("\"map\" must be an object of \(FormReader.maximumFiles) files at most.")
    }
    let map = try object.fields.map { field in
      guard case .list(let list) = field.value else { throw malformed("\"map\" must hold lists of paths.") }
      return (
        field: field.name,
        places: try list.map { path in
          guard case .string(let text) = path else { throw malformed("\"map\" must hold lists of paths.") }
          return text
        }
      )
    }
    guard map.reduce(0, { $0 + $1.places.count }) <= FormReader.maximumPlaces else {
      throw malformed("\"map\" may have \(FormReader.maximumPlaces) paths at most.")
    }
    return map
  }

  mutating func finish() throws -> FormReader.Form {
    try parser.finish()
    guard var value = operations, let map else {
      throw FormReading.malformed("The form must begin with the fields \"operations\" and \"map\".")
    }
    var form = FormReader.Form(operations: .null, files: [:])
    for (field, places) in map {
      guard let file = files[field] else {
        throw FormReading.malformed("The form has no file for \"\(field.prefix(64))\".")
      }
      let token = Base64URL.encode(RandomBytes.generate(18))
      form.files[token] = file
      for place in places {
        let path = place.split(separator: ".", omittingEmptySubsequences: false)
        guard path.count <= 32, value.fill(path[...], with: Upload(token: token).input) else {
          throw FormReading.malformed("\"\(place.prefix(200))\" is no place for a file: it must be null.")
        }
      }
    }
    form.operations = value
    return form
  }

  private static func malformed(_ message: String) -> RequestRefusal {
    RequestRefusal(.malformed, message).with(.connection, "close")
  }
}

extension InputValue {
  /// Puts a value at a path where null is now; false when there is no such place. As deep as the path is
  /// long.
  fileprivate mutating func fill(_ path: ArraySlice<Substring>, with value: InputValue) -> Bool {
    guard let step = path.first else {
      guard isNull else { return false }
      self = value
      return true
    }
    switch self {
    case .object(var object):
      guard let place = object.fields.firstIndex(where: { $0.name == step }),
        object.fields[place].value.fill(path.dropFirst(), with: value)
      else { return false }
      self = .object(object)
    case .list(var items):
      guard let place = Int(step), items.indices.contains(place),
        items[place].fill(path.dropFirst(), with: value)
      else { return false }
      self = .list(items)
    default: return false
    }
    return true
  }
}
