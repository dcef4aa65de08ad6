import GraphQLEngine

/// Where a leaf of a table type lies: a column, and the format in which its cell becomes JSON.
public struct LeafSource<Column: Sendable>: Sendable {
  public var column: Column
  public var format: CellFormat

  public init(_ column: Column, _ format: CellFormat) {
    self.column = column
    self.format = format
  }
}
