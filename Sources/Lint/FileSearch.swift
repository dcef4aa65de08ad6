import Glibc

/// Finds the files that arguments mean: files, folders, and patterns that a shell did not expand.
///
/// Made for one command. Folders are searched to the bottom; hidden entries, `node_modules` and links to
/// folders are passed over. Each file is found once, however many arguments mean it.
struct FileSearch {
  /// Names in folders that count end with one of these, such as `.graphql`.
  let suffixes: [String]
  let limits: LintLimits
  private var visitedEntries = 0
  private var files: [String] = []
  private var known: Set<FileIdentity> = []

  init(suffixes: [String], limits: LintLimits) {
    self.suffixes = suffixes
    self.limits = limits
  }

  /// The paths of the files, those of one argument sorted; `-` stays as it is. A file for which `isExcluded`
  /// holds is passed over, unless an argument names it.
  static func paths(
    of arguments: [String], suffixes: [String], excluding excluded: [String] = [],
    limits: LintLimits = LintLimits()
  ) throws(LintFailure) -> [String] {
    var search = FileSearch(suffixes: suffixes, limits: limits)
    let excluded = Set(excluded.compactMap { FileIdentity(path: $0, followsLinks: true) })
    for argument in arguments { try search.add(argument, excluded) }
    return search.files
  }

  private mutating func add(_ argument: String, _ excluded: Set<FileIdentity>) throws(LintFailure) {
    if argument == "-" {
      if !files.contains("-") { files.append("-") }
      return
    }
    // A name that exists is that file, whatever characters it has.
    if let identity = FileIdentity(path: argument, followsLinks: true) {
      guard identity.isFolder else { return try insert(argument, identity) }
      try insert(files(in: argument), excluded)
      return
    }
    guard Glob.isPattern(argument) else { throw LintFailure("\(argument): no such file or folder") }
    var found: Set<String> = []
    for pattern in try Glob.expandingBraces(argument) { try found.formUnion(files(matching: Glob(pattern))) }
    guard !found.isEmpty else { throw LintFailure("\(argument): no file matches") }
    try insert(found, excluded)
  }

  private mutating func insert(
    _ paths: Set<String>, _ excluded: Set<FileIdentity>
  ) throws(LintFailure) {
    for path in paths.sorted() {
      guard let identity = FileIdentity(path: path, followsLinks: true), !excluded.contains(identity) else {
        continue
      }
      try insert(path, identity)
    }
  }

  private mutating func insert(_ path: String, _ identity: FileIdentity) throws(LintFailure) {
    guard known.insert(identity).inserted else { return }
    guard files.count < limits.files else { throw LintFailure("more than \(limits.files) files") }
    files.append(path)
  }

  // MARK: Walking

  private mutating func files(in folder: String) throws(LintFailure) -> Set<String> {
    let pattern = Glob.Segment.wildcard([.anyText])
    let all = try files(
      below: folder.hasSuffix("/") ? folder : folder + "/", matching: [.folders, pattern])
    return all.filter { path in suffixes.contains { path.hasSuffix($0) } }
  }

  private mutating func files(matching glob: Glob) throws(LintFailure) -> Set<String> {
    try files(below: glob.isAbsolute ? "/" : "", matching: glob.segments)
  }

  /// One step of a walk: a folder with its slash, or nothing for the working folder, and how much of the
  /// pattern it matches.
  private struct Step: Hashable {
    var folder: String
    var segment: Int
  }

  private mutating func files(
    below folder: String, matching segments: [Glob.Segment]
  ) throws(LintFailure) -> Set<String> {
    var found: Set<String> = []
    var open = [Step(folder: folder, segment: 0)]
    var seen: Set<Step> = []
    while let step = open.popLast() {
      guard step.segment < segments.count, seen.insert(step).inserted else { continue }
      let isLast = step.segment == segments.count - 1
      switch segments[step.segment] {
      case .literal(let name):
        try visit(step.folder + name, isLast, step, &open, &found)
      case .wildcard(let tokens):
        for name in try names(in: step.folder) where Glob.matches(name, tokens) {
          try visit(step.folder + name, isLast, step, &open, &found)
        }
      case .folders:
        // A trailing `**` means everything below.
        open.append(Step(folder: step.folder, segment: step.segment + 1))
        for name in try names(in: step.folder) where !name.hasPrefix(".") && name != "node_modules" {
          let path = step.folder + name
          guard let identity = FileIdentity(path: path, followsLinks: false) else { continue }
          if identity.isFolder {
            open.append(Step(folder: path + "/", segment: step.segment))
          } else if isLast, identity.isRegular {
            found.insert(path)
          }
        }
      }
    }
    return found
  }

  private mutating func visit(
    _ path: String, _ isLast: Bool, _ step: Step, _ open: inout [Step], _ found: inout Set<String>
  ) throws(LintFailure) {
    guard let identity = FileIdentity(path: path, followsLinks: true) else { return }
    if isLast {
      if !identity.isFolder { found.insert(path) }
    } else if identity.isFolder {
      open.append(Step(folder: path + "/", segment: step.segment + 1))
    }
  }

  /// The names in a folder; none where it cannot be read.
  private mutating func names(in folder: String) throws(LintFailure) -> [String] {
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      visitedEntries += 1
      if visitedEntries > limits.visitedEntries {
        throw LintFailure("\(folder): more than \(limits.visitedEntries) entries to look at")
      }
      names.append(name)
    }
    return names
  }
}

/// Tells files apart, however their paths are written.
struct FileIdentity: Hashable {
  private let device: UInt
  private let number: UInt
  private let mode: UInt32

  /// Nil where nothing is there.
  init?(path: String, followsLinks: Bool) {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
    mode = status.st_mode & S_IFMT
  }

  var isFolder: Bool { mode == S_IFDIR }
  var isRegular: Bool { mode == S_IFREG }
}
