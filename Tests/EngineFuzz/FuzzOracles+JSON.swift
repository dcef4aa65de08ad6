import GraphQLEngine

extension FuzzOracles {
  /// What the reader takes the writer writes, and it reads back as the same value; numbers and strings of the
  /// salt survive both.
  func json(_ example: FuzzCase) -> FuzzOutcome {
    outcome { outcome in
      var random = FuzzRandom(seed: example.salt, round: 2)
      try roundTrip(FuzzResolvers.anything(depth: 3, &random))
      try coordinate(example.bytes)
      do {
        let value = try JSONReader.read(example.bytes)
        outcome.isAccepted = true
        try roundTrip(value)
      } catch let error as JSONError {
        try demand((0...example.bytes.count).contains(error.offset), "the error lies outside: \(error)")
      }
    }
  }

  private func roundTrip(_ value: InputValue) throws {
    var writer = JSONWriter()
    writer.write(json: value)
    let bytes = writer.bytes
    let again: InputValue
    do {
      again = try JSONReader.read(bytes)
    } catch {
      throw Complaint("what was written cannot be read: \(error) \(writer.text)")
    }
    try demand(FuzzOracles.isSame(again, value), "read back as another value: \(writer.text)")
    var second = JSONWriter()
    second.write(json: again)
    try demand(second.bytes == bytes, "written differently: \(writer.text) \(second.text)")
  }

  /// Equal, where a whole float and an integer are one number, as in JSON.
  private static func isSame(_ left: InputValue, _ right: InputValue) -> Bool {
    switch (left, right) {
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy(isSame)
    case (.object(let left), .object(let right)):
      left.fields.count == right.fields.count
        && zip(left.fields, right.fields).allSatisfy {
          Array($0.name.utf8) == Array($1.name.utf8) && isSame($0.value, $1.value)
        }
    case (.string(let left), .string(let right)): Array(left.utf8) == Array(right.utf8)
    case (.int, .float), (.float, .int), (.float, .float): left.double == right.double
    default: left == right
    }
  }

  /// A coordinate that parses is its own print.
  private func coordinate(_ bytes: [UInt8]) throws(Complaint) {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self)
    guard let coordinate = try? SchemaCoordinate.parse(text) else { return }
    try demand(coordinate.description == text, "the coordinate prints as another: \(text)")
  }
}
