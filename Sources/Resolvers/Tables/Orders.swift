import Schema
import Storage

// The orders that a client may ask for, as the tables have them.

extension FlowOrder {
  var list: ListOrder<FlowColumn> {
    let isDescending = direction == .desc
    return switch field {
    case .createdAt: .created(isDescending: isDescending)
    case .updatedAt: .instant(.updatedAt, minute: "updated_minute", isDescending: isDescending)
    case .name: .text(.name, isDescending: isDescending)
    case .lastExecutedAt: .instant(.lastExecuted, isOptional: true, isDescending: isDescending)
    }
  }
}

extension IntegrationOrder {
  var list: ListOrder<IntegrationColumn> {
    let isDescending = direction == .desc
    return switch field {
    case .createdAt: .created(isDescending: isDescending)
    case .updatedAt: .instant(.updatedAt, isDescending: isDescending)
    case .name: .text(.name, isDescending: isDescending)
    }
  }
}

extension WorkbenchOrder {
  var list: ListOrder<WorkbenchColumn> {
    let isDescending = direction == .desc
    return switch field {
    case .createdAt: .created(isDescending: isDescending)
    case .updatedAt: .instant(.updatedAt, isDescending: isDescending)
    case .name: .text(.name, isDescending: isDescending)
    }
  }
}

extension ExecutionLogOrder {
  var list: ListOrder<ExecutionColumn> { .created(isDescending: direction == .desc) }
}

extension FlowVersionOrder {
  var list: ListOrder<FlowVersionColumn> { .created(isDescending: direction == .desc) }
}

extension SessionOrder {
  var list: ListOrder<SessionColumn> {
    let isDescending = direction == .desc
    return switch field {
    case .createdAt: .created(isDescending: isDescending)
    case .lastUsedAt: .instant(.lastUsedAt, isDescending: isDescending)
    }
  }
}

extension WebhookOrder {
  var list: ListOrder<WebhookColumn> { .created(isDescending: direction == .desc) }
}

extension WebhookDeliveryOrder {
  var list: ListOrder<WebhookDeliveryColumn> { .created(isDescending: direction == .desc) }
}

extension TriggerDeliveryOrder {
  var list: ListOrder<TriggerDeliveryColumn> { .created(isDescending: direction == .desc) }
}

extension ApiKeyOrder {
  var list: ListOrder<APIKeyColumn> { .created(isDescending: direction == .desc) }
}

extension MembershipOrder {
  var list: ListOrder<MembershipColumn> { .created(isDescending: direction == .desc) }
}

extension InvitationOrder {
  var list: ListOrder<InvitationColumn> { .created(isDescending: direction == .desc) }
}

extension AuditEventOrder {
  var list: ListOrder<AuditEventColumn> { .created(isDescending: direction == .desc) }
}
