/// One difference between two schemas, and what it means for clients of the old one.
///
/// Made by `Schema.changes(to:)`. Kinds and messages are those of graphql-js: of version 16 where it has the
/// kind, else of 17; kinds beyond both are marked below.
public struct SchemaChange: Hashable, Sendable {
  /// What kind of change it is.
  public var kind: Kind

  /// What changed; nil for the schema itself.
  public var coordinate: SchemaCoordinate?

  /// The change in a sentence, as graphql-js words it.
  public var message: String

  /// Where it was defined; nil when it is new or built in.
  public var old: Place?

  /// Where it is defined; nil when it was removed or is built in.
  public var new: Place?

  /// What the change means for clients.
  public var severity: Severity { kind.severity }

  /// What a change means for clients.
  public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// No document notices, but for introspection.
    case safe
    /// Documents stay valid, but may get an answer that their client does not expect.
    case dangerous
    /// Documents that were valid are refused, or answers have another shape.
    case breaking

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .safe: 0
      case .dangerous: 1
      case .breaking: 2
      }
    }
  }

  /// The name of a definition in one of the schema's documents.
  public struct Place: Hashable, Sendable {
    /// Position in `Schema.documents`; the caller's begin at 1.
    public var document: Int
    /// The line and column in the document.
    public var location: SourceLocation

    public init(document: Int, location: SourceLocation) {
      self.document = document
      self.location = location
    }
  }
}

extension SchemaChange {
  /// What changed; the raw values are graphql-js's names.
  public enum Kind: String, CaseIterable, Sendable {
    // Breaking
    case typeRemoved = "TYPE_REMOVED"
    case typeChangedKind = "TYPE_CHANGED_KIND"
    case typeRemovedFromUnion = "TYPE_REMOVED_FROM_UNION"
    case valueRemovedFromEnum = "VALUE_REMOVED_FROM_ENUM"
    case requiredInputFieldAdded = "REQUIRED_INPUT_FIELD_ADDED"
    case implementedInterfaceRemoved = "IMPLEMENTED_INTERFACE_REMOVED"
    case fieldRemoved = "FIELD_REMOVED"
    case fieldChangedKind = "FIELD_CHANGED_KIND"
    case requiredArgumentAdded = "REQUIRED_ARG_ADDED"
    case argumentRemoved = "ARG_REMOVED"
    case argumentChangedKind = "ARG_CHANGED_KIND"
    case directiveRemoved = "DIRECTIVE_REMOVED"
    case directiveArgumentRemoved = "DIRECTIVE_ARG_REMOVED"
    case requiredDirectiveArgumentAdded = "REQUIRED_DIRECTIVE_ARG_ADDED"
    case directiveRepeatableRemoved = "DIRECTIVE_REPEATABLE_REMOVED"
    case directiveLocationRemoved = "DIRECTIVE_LOCATION_REMOVED"
    /// Not in graphql-js: a non-null argument or input field lost the default that made it optional.
    case valueBecameRequired = "VALUE_BECAME_REQUIRED"
    /// Not in graphql-js: an input object became `@oneOf`, and refuses values of several fields.
    case oneOfAdded = "ONE_OF_ADDED"
    /// Not in graphql-js: an operation has another root type.
    case rootTypeChanged = "ROOT_TYPE_CHANGED"
    /// Not in graphql-js: an operation lost its root type, which stays as a type.
    case rootTypeRemoved = "ROOT_TYPE_REMOVED"

    // Dangerous
    case valueAddedToEnum = "VALUE_ADDED_TO_ENUM"
    case typeAddedToUnion = "TYPE_ADDED_TO_UNION"
    case optionalInputFieldAdded = "OPTIONAL_INPUT_FIELD_ADDED"
    case optionalArgumentAdded = "OPTIONAL_ARG_ADDED"
    case implementedInterfaceAdded = "IMPLEMENTED_INTERFACE_ADDED"
    case argumentDefaultValueChanged = "ARG_DEFAULT_VALUE_CHANGE"
    /// Not in graphql-js, which looks at the defaults of arguments only.
    case inputFieldDefaultValueChanged = "INPUT_FIELD_DEFAULT_VALUE_CHANGE"
    /// Not in graphql-js: values of the scalar may have another format now.
    case specifiedByChanged = "SPECIFIED_BY_CHANGE"

    // Safe
    case descriptionChanged = "DESCRIPTION_CHANGED"
    case typeAdded = "TYPE_ADDED"
    case fieldAdded = "FIELD_ADDED"
    case directiveAdded = "DIRECTIVE_ADDED"
    case directiveRepeatableAdded = "DIRECTIVE_REPEATABLE_ADDED"
    case directiveLocationAdded = "DIRECTIVE_LOCATION_ADDED"
    case optionalDirectiveArgumentAdded = "OPTIONAL_DIRECTIVE_ARG_ADDED"
    case fieldChangedKindSafely = "FIELD_CHANGED_KIND_SAFE"
    case argumentChangedKindSafely = "ARG_CHANGED_KIND_SAFE"
    case argumentDefaultValueAdded = "ARG_DEFAULT_VALUE_ADDED"
    /// Not in graphql-js, as are all below.
    case inputFieldDefaultValueAdded = "INPUT_FIELD_DEFAULT_VALUE_ADDED"
    case deprecationAdded = "DEPRECATION_ADDED"
    case deprecationRemoved = "DEPRECATION_REMOVED"
    case deprecationReasonChanged = "DEPRECATION_REASON_CHANGE"
    case oneOfRemoved = "ONE_OF_REMOVED"
    case specifiedByAdded = "SPECIFIED_BY_ADDED"
    case specifiedByRemoved = "SPECIFIED_BY_REMOVED"
    case rootTypeAdded = "ROOT_TYPE_ADDED"
    /// A directive without a meaning of its own in the specification was put on a definition.
    case appliedDirectiveAdded = "APPLIED_DIRECTIVE_ADDED"
    case appliedDirectiveRemoved = "APPLIED_DIRECTIVE_REMOVED"

    /// What the kind means for clients.
    public var severity: Severity {
      switch self {
      case .typeRemoved, .typeChangedKind, .typeRemovedFromUnion, .valueRemovedFromEnum,
        .requiredInputFieldAdded, .implementedInterfaceRemoved, .fieldRemoved, .fieldChangedKind,
        .requiredArgumentAdded, .argumentRemoved, .argumentChangedKind, .directiveRemoved,
        .directiveArgumentRemoved, .requiredDirectiveArgumentAdded, .directiveRepeatableRemoved,
        .directiveLocationRemoved, .valueBecameRequired, .oneOfAdded, .rootTypeChanged, .rootTypeRemoved:
        .breaking
      case .valueAddedToEnum, .typeAddedToUnion, .optionalInputFieldAdded, .optionalArgumentAdded,
        .implementedInterfaceAdded, .argumentDefaultValueChanged, .inputFieldDefaultValueChanged,
        .specifiedByChanged:
        .dangerous
      case .descriptionChanged, .typeAdded, .fieldAdded, .directiveAdded, .directiveRepeatableAdded,
        .directiveLocationAdded, .optionalDirectiveArgumentAdded, .fieldChangedKindSafely,
        .argumentChangedKindSafely, .argumentDefaultValueAdded, .inputFieldDefaultValueAdded,
        .deprecationAdded, .deprecationRemoved, .deprecationReasonChanged, .oneOfRemoved, .specifiedByAdded,
        .specifiedByRemoved, .rootTypeAdded, .appliedDirectiveAdded, .appliedDirectiveRemoved:
        .safe
      }
    }
  }
}
