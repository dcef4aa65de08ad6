// Names for generated types that the domain has too, for files that import both.

/// The `FlowProblem` of the schema.
public typealias FlowProblemObject = FlowProblem
