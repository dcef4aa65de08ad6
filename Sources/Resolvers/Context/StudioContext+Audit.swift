import Flows
import Postgres
import Storage

extension StudioContext {
  /// Runs a mutation and stores what it did in the audit log: with its change in one transaction, or alone
  /// when it changed nothing. A failed sign-in is stored too, and what the viewer may not do; of other
  /// failures nothing remains, as of their changes.
  ///
  /// - Parameter action: the name of the mutation.
  func audited<Value>(_ action: String, _ body: () async throws -> Value) async throws -> Value {
    let trail = beginTrail(action)
    do {
      let value = try await TransactionCompanions.$current.withValue(trail) { try await body() }
      trail.supplement(organization: viewer?.organizationID, user: viewer?.userID)
      try await trail.store(in: services.database)
      if trail.concernsStream, let organization = viewer?.organizationID {
        services.notifier.changed(in: organization)
      }
      return value
    } catch let error as ServiceError where error.code == .unauthenticated {
      await storeFailure(trail)
      throw error
    } catch let error as ServiceError where error.code == .forbidden {
      noteRefusal(trail)
      throw error
    }
  }

  /// Notes a mutation that did not begin because the viewer may not make it.
  func auditRefusal(of action: String) { noteRefusal(makeTrail(action)) }

  private func noteRefusal(_ trail: AuditTrail) {
    guard let viewer else { return }
    services.refusals.note(trail, of: viewer, logger)
  }

  /// Notes the object that the mutation is about, as soon as it is known.
  func audit(_ noun: IdentifierPrefix, _ object: Identifier) { trail?.note(noun, object, isNew: false) }

  /// The same of an object that the mutation makes: there is nothing to read before.
  func audit(new noun: IdentifierPrefix, _ object: Identifier) { trail?.note(noun, object, isNew: true) }

  private func beginTrail(_ action: String) -> AuditTrail {
    let trail = makeTrail(action)
    self.trail = trail
    return trail
  }

  private func makeTrail(_ action: String) -> AuditTrail {
    let viewer = viewer
    var event = AuditTrail.Event(id: services.makeID(), action: action)
    event.apiKeyID = viewer?.apiKey?.id
    event.address = origin.address
    event.userAgent = origin.userAgent.map { String($0.prefix(512)) }
    event.requestID = origin.requestID
    return AuditTrail(event, organization: viewer?.organizationID, user: viewer?.userID)
  }

  /// The client is told of the failure, not of the log's.
  private func storeFailure(_ trail: AuditTrail) async {
    do {
      try await trail.store(in: services.database, outcome: "failure")
    } catch {
      logger.error("An event of the audit log could not be stored", metadata: ["error": "\(error)"])
    }
  }
}
