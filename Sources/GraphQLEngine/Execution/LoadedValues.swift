/// What a loader has loaded in one execution: a value for each entry, which is the position of its key.
/// Makes the columns of those who ask for entries in an order of their own, each any number of times.
struct LoadedValues {
  private enum Entry {
    case null
    /// A position in `atoms`.
    case single(Int)
    case list(Range<Int>)
    case failed(any Error)
  }

  /// A value below all lists.
  private enum Atom {
    case row(RowPosition)
    case leaf(ColumnWriter, Int)
    /// A JSON value, lists included.
    case value(RowList<InputValue>, Int)
  }

  private var entries: [Entry] = []
  private var atoms: [Atom] = []
  private var groups: [Rows] = []
  /// The row of each entry, as long as all of them are single objects: then nothing else needs to be looked
  /// at.
  private var rows: [RowPosition]? = []

  /// Takes in the values of the next `count` entries. Throws, and takes nothing, where the column does not
  /// fit.
  mutating func append(_ column: Column, count: Int) throws {
    guard column.parentCount == count, column.lists.count <= 1 else {
      throw ColumnMismatch(problem: "a loader gives one value or one list for each key")
    }
    let first = atoms.count
    noteRows(column)
    switch column.content {
    case .objects(let rows, let positions):
      for index in 0..<column.entryCount {
        let place = positions?[index] ?? RowPosition(group: 0, row: index)
        atoms.append(
          .row(place.row < 0 ? .null : RowPosition(group: groups.count + place.group, row: place.row)))
      }
      groups += rows
    case .leaves(let writer):
      for index in 0..<column.entryCount { atoms.append(.leaf(writer, index)) }
    case .dynamic(let values):
      for index in 0..<column.entryCount { atoms.append(.value(values, index)) }
    case .cells: throw ColumnMismatch(problem: "cells from a loader")
    }
    for index in 0..<count {
      if let error = column.errors[index] {
        entries.append(.failed(error))
      } else if let lists = column.lists.first {
        let start = first + lists.starts[index]
        entries.append(lists.counts[index] < 0 ? .null : .list(start..<start + lists.counts[index]))
      } else {
        entries.append(.single(first + index))
      }
    }
  }

  /// Before the column's groups are taken in.
  private mutating func noteRows(_ column: Column) {
    guard rows != nil, column.lists.isEmpty, column.errors.isEmpty,
      case .objects(_, let positions) = column.content
    else {
      rows = nil
      return
    }
    for index in 0..<column.entryCount {
      let place = positions?[index] ?? RowPosition(group: 0, row: index)
      rows?.append(place.row < 0 ? .null : RowPosition(group: groups.count + place.group, row: place.row))
    }
  }

  /// The next `count` entries failed together.
  mutating func append(failure: any Error, count: Int) {
    rows = nil
    entries += [Entry](repeating: .failed(failure), count: count)
  }

  /// The values of some entries; nil is null.
  func column(of wanted: [Int?]) -> Column {
    if let rows, !rows.isEmpty {
      return .objects(groups, at: wanted.map { entry in entry.map { rows[$0] } ?? .null })
    }
    var chosen: [Atom?] = []
    var counts: [Int] = []
    var errors: [Int: any Error] = [:]
    let isList = wanted.contains { entry in
      if let entry, case .list = entries[entry] { return true }
      return false
    }
    for (parent, entry) in wanted.enumerated() {
      var atom: Atom?
      switch entry.map({ entries[$0] }) ?? .null {
      case .null: break
      case .failed(let error): errors[parent] = error
      case .single(let index): atom = atoms[index]
      case .list(let range):
        chosen += atoms[range].map(Optional.some)
        counts.append(range.count)
        continue
      }
      if isList { counts.append(-1) } else { chosen.append(atom) }
    }
    let column = column(of: chosen)
    return (isList ? column.lists(counts: counts) : column).failing(errors)
  }

  private func column(of chosen: [Atom?]) -> Column {
    var rows: [RowPosition] = []
    var values: [InputValue] = []
    for atom in chosen {
      switch atom {
      case .row(let position): rows.append(position)
      case .value(let list, let index): values.append(list[index].pointee)
      case .leaf, nil: continue
      }
    }
    if !rows.isEmpty {
      let positions = chosen.map { atom -> RowPosition in
        if case .row(let position) = atom { return position }
        return .null
      }
      return .objects(groups, at: positions)
    }
    if !values.isEmpty {
      return .dynamic(
        chosen.map { atom in
          if case .value(let list, let index) = atom { return list[index].pointee }
          return .null
        })
    }
    let writer = ColumnWriter { index, out in
      if case .leaf(let leaf, let position) = chosen[index] {
        leaf.write(position, &out)
      } else {
        out.writeNull()
      }
    }
    return Column(writer: writer, count: chosen.count)
  }
}
