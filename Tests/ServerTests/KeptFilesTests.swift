import Foundation
import Storage
import Testing

@testable import Server

@Suite("Kept files", .timeLimit(.minutes(2)))
struct KeptFilesTests {
  /// A process that is killed while it answers an upload leaves the file; the next one begins too early to
  /// take it for forgotten.
  @Test func `the upkeep deletes what an upload left whose process died`() async throws {
    let studio = try await TestStudio.shared.value.studio
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = studio.configuration.files
    configuration.folder = folder
    let files = try #require(try KeptFiles.open(configuration, logger: TestStudio.quiet))
    for (name, age) in [("old", 3700.0), ("young", 60)] {
      let path = "\(folder)/incoming/\(name)"
      _ = FileManager.default.createFile(atPath: path, contents: Data())
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }
    let upkeep = FileUpkeep(
      avatars: AvatarStore(studio.database), reception: files.reception, store: files.store,
      logger: TestStudio.quiet)
    await upkeep.round()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/incoming") == ["young"])
  }
}
