struct Demo {
  let studio: Studio
  func create() async throws -> String { "" }
}
