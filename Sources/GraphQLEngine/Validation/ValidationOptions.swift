/// What `Schema.validate` checks and how much work it may spend.
public struct ValidationOptions: Sendable {
  /// The rules that run.
  public var rules: ValidationRules

  /// Leaves "Did you mean …" out of messages that would tell names of the schema.
  public var hidesSuggestions: Bool

  /// The budgets of the validation.
  public var limits: ValidationLimits

  public init(
    rules: ValidationRules = .specified, hidesSuggestions: Bool = false,
    limits: ValidationLimits = ValidationLimits()
  ) {
    self.rules = rules
    self.hidesSuggestions = hidesSuggestions
    self.limits = limits
  }
}

/// The budgets of one validation; they bound its time and memory whatever the document looks like.
///
/// An exceeded budget gives an error that names it, apart from the last two, which only shorten messages.
public struct ValidationLimits: Hashable, Sendable {
  /// Errors before validation stops, as graphql-js.
  public var maximumErrors = 100

  /// Fields that are compared in order to merge them (§ 5.3.2), beyond the first look at each selection set.
  public var mergeComparisons = 100_000

  /// Fragment spreads followed from operations, over the whole document; eight usages of variables that are
  /// found on the way count as one.
  public var fragmentVisits = 100_000

  /// Fields of one operation once every fragment spread is replaced by its fields.
  public var fieldsAfterFragments = 10_000

  /// Nesting of one operation's selection sets once every fragment spread is replaced by its fields.
  public var depthAfterFragments = 200

  /// Directives at one place.
  public var directivesPerLocation = 8

  /// Nested list fields (`fields`, `interfaces`, `possibleTypes`, `inputFields`) below `__schema` or
  /// `__type`.
  public var introspectionLists = 2

  /// Cells of edit-distance tables spent on "Did you mean …"; later messages come without suggestions.
  public var suggestionCells = 2_000_000

  /// Locations of one error; further ones are left out.
  public var locationsPerError = 1_000

  public init() {}
}

/// A budget that a document can exceed; the raw value is its name, in `ValidationLimits` where it can be set.
enum ValidationBudget: String {
  case mergeComparisons, fragmentVisits, fieldsAfterFragments, depthAfterFragments, directivesPerLocation
  case typeWrappers

  /// The text of the error for a limit of `limit`.
  func message(limit: Int) -> String {
    let what =
      switch self {
      case .mergeComparisons: "comparisons to merge fields"
      case .fragmentVisits: "fragment spreads to follow"
      case .fieldsAfterFragments: "fields after replacing fragments"
      case .depthAfterFragments: "levels of selection sets after replacing fragments"
      case .directivesPerLocation: "directives at one location"
      case .typeWrappers: "lists and non-nulls around a type"
      }
    return "The document exceeds the limit of \(limit) \(what) (\(rawValue))."
  }
}
