import GraphQLEngine

extension RootFieldCase {
  /// Of triggers.
  static let triggers = [
    RootFieldCase(
      "Mutation.addTrigger",
      """
      mutation ($id: ID!) { addTrigger(input: { flowId: $id, webhook: { signature: GITHUB } }) \
      { secret trigger { webhook { url signature } flow { name } } } }
      """, ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.updateTrigger",
      """
      mutation ($id: ID!) { updateTrigger(input: { id: $id, webhook: { signature: STANDARD } }) \
      { secret trigger { webhook { signature } deliveries { totalCount nodes { id request } } } } }
      """, ["id": id(.trigger)], .notFound),
    RootFieldCase(
      "Mutation.disableTrigger",
      "mutation ($id: ID!) { disableTrigger(input: { id: $id }) { trigger { isEnabled } } }",
      ["id": id(.trigger)], .notFound),
    RootFieldCase(
      "Mutation.enableTrigger",
      "mutation ($id: ID!) { enableTrigger(input: { id: $id }) { trigger { isEnabled } } }",
      ["id": id(.trigger)], .notFound),
    RootFieldCase(
      "Mutation.rotateTriggerSecret",
      "mutation ($id: ID!) { rotateTriggerSecret(input: { id: $id }) { secret trigger { id } } }",
      ["id": id(.trigger)], .notFound),
    RootFieldCase(
      "Mutation.revealTriggerSecret",
      "mutation ($id: ID!) { revealTriggerSecret(input: { id: $id }) { secret trigger { id } } }",
      ["id": id(.trigger)], .notFound),
    RootFieldCase(
      "Mutation.replayDelivery",
      """
      mutation ($id: ID!) { replayDelivery(input: { id: $id }) { delivery { id request trigger { id } \
      replayOf { id } execution { id } } } }
      """, ["id": id(.triggerDelivery)], .notFound),
    RootFieldCase(
      "Mutation.removeTrigger", "mutation ($id: ID!) { removeTrigger(input: { id: $id }) { deletedId } }",
      ["id": id(.trigger)], .notFound),
  ]
}
