// Fields, arguments and input fields of types that persist (§ 3.6, § 3.10).

extension SchemaComparison {
  mutating func compareFields(_ oldType: TypeID, _ newType: TypeID) {
    let type = old.name(oldType)
    var pairs: [(FieldID, FieldID)] = []
    for field in old.fieldIDs(of: oldType) {
      if let newField = names.inNew(old[field].name).flatMap({ new.declaredField(named: $0, in: newType) }) {
        pairs.append((field, newField))
        continue
      }
      let coordinate = SchemaCoordinate.member(type: type, name: old.name(old[field].name))
      add(
        .fieldRemoved, Element(coordinate: coordinate, old: old[field].syntax), "\(coordinate) was removed.")
    }
    for field in new.fieldIDs(of: newType) {
      let oldField = names.inOld(new[field].name).flatMap { old.declaredField(named: $0, in: oldType) }
      guard oldField == nil else { continue }
      let coordinate = SchemaCoordinate.member(type: type, name: new.name(new[field].name))
      add(
        .fieldAdded, Element(coordinate: coordinate, new: new[field].syntax),
        "Field \(coordinate) was added.")
    }
    for (oldField, newField) in pairs { compare(oldField, newField, in: type) }
  }

  private mutating func compare(_ oldField: FieldID, _ newField: FieldID, in type: String) {
    let (oldRecord, newRecord) = (old[oldField], new[newField])
    let name = old.name(oldRecord.name)
    let coordinate = SchemaCoordinate.member(type: type, name: name)
    let element = Element(coordinate: coordinate, old: oldRecord.syntax, new: newRecord.syntax)
    compareArguments(oldRecord.arguments, newRecord.arguments, of: .field(type: type, name: name))
    let types = "\(old.string(of: oldRecord.type)) to \(new.string(of: newRecord.type))"
    if !isSafeForOutput(oldRecord.type, newRecord.type) {
      add(.fieldChangedKind, element, "\(coordinate) changed type from \(types).")
    } else if !areSame(oldRecord.type, newRecord.type) {
      add(.fieldChangedKindSafely, element, "Field \(coordinate) changed type from \(types).")
    }
    compareDescriptions(
      old.description(of: oldField), new.description(of: newField), of: "field \(coordinate)", element)
    compareDeprecations(
      old.deprecationReason(of: oldField), new.deprecationReason(of: newField), of: element)
    compareApplied(old.appliedDirectives(of: oldField), new.appliedDirectives(of: newField), to: element)
  }

  // MARK: Arguments

  /// What arguments belong to; the wording differs.
  enum ArgumentParent {
    case field(type: String, name: String)
    case directive(String)

    func coordinate(_ argument: String) -> SchemaCoordinate {
      switch self {
      case .field(let type, let name): .argument(type: type, field: name, name: argument)
      case .directive(let name): .directiveArgument(directive: name, name: argument)
      }
    }
  }

  mutating func compareArguments(_ oldRange: TableRange, _ newRange: TableRange, of parent: ArgumentParent) {
    let difference = InputValueDifference(self, oldRange, newRange)
    switch parent {
    case .field(let type, let field):
      addRemoved(difference.removed, .argumentRemoved, of: parent) {
        "\(type).\(field) arg \($0) was removed."
      }
      for (oldID, newID) in difference.persisted { compareArgument(oldID, newID, of: parent) }
      addAdded(difference.added, .requiredArgumentAdded, .optionalArgumentAdded, of: parent) {
        "\($1 ? "A required" : "An optional") arg \($0) on \(type).\(field) was added."
      }
    case .directive(let directive):
      addAdded(
        difference.added, .requiredDirectiveArgumentAdded, .optionalDirectiveArgumentAdded, of: parent
      ) {
        $1
          ? "A required arg \($0) on directive \(directive) was added."
          : "An optional argument @\(directive)(\($0):) was added."
      }
      addRemoved(difference.removed, .directiveArgumentRemoved, of: parent) {
        "\($0) was removed from \(directive)."
      }
      for (oldID, newID) in difference.persisted { compareArgument(oldID, newID, of: parent) }
    }
  }

  private mutating func addRemoved(
    _ arguments: [InputValueID], _ kind: SchemaChange.Kind, of parent: ArgumentParent,
    message: (String) -> String
  ) {
    for id in arguments {
      let name = old.name(old[id].name)
      add(kind, Element(coordinate: parent.coordinate(name), old: old[id].syntax), message(name))
    }
  }

  private mutating func addAdded(
    _ arguments: [InputValueID], _ required: SchemaChange.Kind, _ optional: SchemaChange.Kind,
    of parent: ArgumentParent, message: (String, Bool) -> String
  ) {
    for id in arguments {
      let name = new.name(new[id].name)
      let isRequired = new[id].isRequired
      add(
        isRequired ? required : optional,
        Element(coordinate: parent.coordinate(name), new: new[id].syntax), message(name, isRequired))
    }
  }

  private mutating func compareArgument(
    _ oldID: InputValueID, _ newID: InputValueID, of parent: ArgumentParent
  ) {
    let name = old.name(old[oldID].name)
    let coordinate = parent.coordinate(name)
    let element = Element(coordinate: coordinate, old: old[oldID].syntax, new: new[newID].syntax)
    // graphql-js 16 names arguments of fields so, and does not look at those of directives.
    let (place, typeChange) =
      switch parent {
      case .field(let type, let field): ("\(type).\(field) arg \(name)", "\(type).\(field) arg \(name)")
      case .directive: ("\(coordinate)", "Argument \(coordinate)")
      }
    let types = "\(old.string(of: old[oldID].type)) to \(new.string(of: new[newID].type))"
    if !isSafeForInput(old[oldID].type, new[newID].type) {
      add(.argumentChangedKind, element, "\(typeChange) has changed type from \(types).")
    } else {
      if !areSame(old[oldID].type, new[newID].type) {
        add(.argumentChangedKindSafely, element, "Argument \(coordinate) has changed type from \(types).")
      }
      compareDefaults(
        DefaultValueChange(
          old: old.comparableDefaultValue(of: oldID), new: new.comparableDefaultValue(of: newID),
          changed: .argumentDefaultValueChanged, added: .argumentDefaultValueAdded, place: place),
        becameRequired: !old[oldID].isRequired && new[newID].isRequired, element)
    }
    compareDescriptions(
      old.description(of: oldID), new.description(of: newID),
      of: parent.isField ? "argument \(coordinate)" : "\(coordinate)", element)
    compareDeprecations(old.deprecationReason(of: oldID), new.deprecationReason(of: newID), of: element)
    compareApplied(old.appliedDirectives(of: oldID), new.appliedDirectives(of: newID), to: element)
  }

  // MARK: Input fields

  mutating func compareInputFields(_ oldType: TypeID, _ newType: TypeID) {
    let type = old.name(oldType)
    let difference = InputValueDifference(self, old[oldType].inputFields, new[newType].inputFields)
    for id in difference.added {
      let name = new.name(new[id].name)
      let isRequired = new[id].isRequired
      add(
        isRequired ? .requiredInputFieldAdded : .optionalInputFieldAdded,
        Element(coordinate: .member(type: type, name: name), new: new[id].syntax),
        "\(isRequired ? "A required" : "An optional") field \(name) on input type \(type) was added.")
    }
    for id in difference.removed {
      let coordinate = SchemaCoordinate.member(type: type, name: old.name(old[id].name))
      add(.fieldRemoved, Element(coordinate: coordinate, old: old[id].syntax), "\(coordinate) was removed.")
    }
    for (oldID, newID) in difference.persisted { compareInputField(oldID, newID, in: type) }
  }

  private mutating func compareInputField(_ oldID: InputValueID, _ newID: InputValueID, in type: String) {
    let coordinate = SchemaCoordinate.member(type: type, name: old.name(old[oldID].name))
    let element = Element(coordinate: coordinate, old: old[oldID].syntax, new: new[newID].syntax)
    let types = "\(old.string(of: old[oldID].type)) to \(new.string(of: new[newID].type))"
    if !isSafeForInput(old[oldID].type, new[newID].type) {
      add(.fieldChangedKind, element, "\(coordinate) changed type from \(types).")
    } else {
      if !areSame(old[oldID].type, new[newID].type) {
        add(.fieldChangedKindSafely, element, "Field \(coordinate) changed type from \(types).")
      }
      compareDefaults(
        DefaultValueChange(
          old: old.comparableDefaultValue(of: oldID), new: new.comparableDefaultValue(of: newID),
          changed: .inputFieldDefaultValueChanged, added: .inputFieldDefaultValueAdded, place: "\(coordinate)"
        ),
        becameRequired: !old[oldID].isRequired && new[newID].isRequired, element)
    }
    compareDescriptions(
      old.description(of: oldID), new.description(of: newID), of: "input-field \(coordinate)", element)
    compareDeprecations(old.deprecationReason(of: oldID), new.deprecationReason(of: newID), of: element)
    compareApplied(old.appliedDirectives(of: oldID), new.appliedDirectives(of: newID), to: element)
  }

  // MARK: Default values

  /// The printed default values of one argument or input field, and how their change is told.
  struct DefaultValueChange {
    var old: String?
    var new: String?
    var changed: SchemaChange.Kind
    var added: SchemaChange.Kind
    var place: String
  }

  private mutating func compareDefaults(
    _ change: DefaultValueChange, becameRequired: Bool, _ element: Element
  ) {
    switch (change.old, change.new) {
    case (nil, nil): break
    case (nil, let value?): add(change.added, element, "\(element.coordinate) added a defaultValue \(value).")
    case (_?, nil):
      add(change.changed, element, "\(change.place) defaultValue was removed.")
      guard becameRequired else { break }
      add(
        .valueBecameRequired, element,
        "\(element.coordinate) became required: it is not null and has no defaultValue any more.")
    case (let oldValue?, let newValue?):
      guard oldValue != newValue else { break }
      add(
        change.changed, element,
        "\(change.place) has changed defaultValue from \(oldValue) to \(newValue).")
    }
  }
}

extension SchemaComparison.ArgumentParent {
  fileprivate var isField: Bool {
    if case .field = self { true } else { false }
  }
}

/// Arguments or input fields of one owner that came, went and stayed, each in the order of its source.
private struct InputValueDifference {
  private(set) var added: [InputValueID] = []
  private(set) var removed: [InputValueID] = []
  private(set) var persisted: [(InputValueID, InputValueID)] = []

  init(_ comparison: SchemaComparison, _ oldRange: TableRange, _ newRange: TableRange) {
    let (old, new, names) = (comparison.old, comparison.new, comparison.names)
    for index in oldRange.indices {
      let id = InputValueID(rawValue: UInt32(index))
      if let other = names.inNew(old[id].name).flatMap({ new.inputValue(named: $0, in: newRange) }) {
        persisted.append((id, other))
      } else {
        removed.append(id)
      }
    }
    for index in newRange.indices {
      let id = InputValueID(rawValue: UInt32(index))
      if names.inOld(new[id].name).flatMap({ old.inputValue(named: $0, in: oldRange) }) == nil {
        added.append(id)
      }
    }
  }
}
