import Flows
import Postgres

/// What lists and flows say of triggers.
public enum TriggerReads {
  /// SQL: whether a trigger that is switched on, a row of `flow_triggers`, asks its service in vain, or names
  /// a node that is missing. The argument is SQL of this module.
  static func isFailing(_ row: String) -> String {
    """
    \(row).is_enabled AND (\(row).poll_failures >= \(IntegrationTrigger.failuresUntilMarked) \
    OR (SELECT \(missingNode(row)) FROM automation_flows f WHERE f.organization_id = \(row).organization_id \
    AND f.id = \(row).flow_id) IS NOT NULL)
    """
  }

  /// SQL: the key of a node that a trigger of a flow `f` names and that what it starts lacks: where its runs
  /// begin, or whose output a webhook answers with. Null when it lacks none.
  private static func missingNode(_ row: String) -> String {
    let (start, answer) = ("\(row).node_key", "(\(row).config ->> 'answerNodeKey')")
    return """
      CASE WHEN \(start) IS NOT NULL AND \(FlowVersions.triggerNode(key: start)) IS NULL THEN \(start) \
      WHEN \(answer) IS NOT NULL AND \(FlowVersions.node(key: answer)) IS NULL THEN \(answer) END
      """
  }

  /// The triggers that lack a node, and its key. Parameters: organization, triggers.
  public static let missingNodes = Statement(
    "missing_nodes_of_triggers",
    """
    SELECT t.id, \(missingNode("t")) FROM flow_triggers t \
    JOIN automation_flows f ON f.organization_id = t.organization_id AND f.id = t.flow_id \
    WHERE t.organization_id = $1 AND t.id = ANY($2)
    """,
    [.uuid, .uuidArray])

  /// The nodes that a flow's triggers name which are switched on: where their runs begin, and whose output is
  /// answered with. Parameters: organization, flow.
  static let named = Statement(
    "nodes_named_by_triggers",
    """
    SELECT node_key, config ->> 'answerNodeKey' FROM flow_triggers \
    WHERE organization_id = $1 AND flow_id = $2 AND is_enabled
    """,
    [.uuid, .uuid])
}
