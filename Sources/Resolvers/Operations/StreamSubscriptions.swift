import Flows
import GraphQLEngine
import Schema
import Storage

/// Subscriptions to what happens in the viewer's organization, all of them on one stream.
struct StreamSubscriptions {
  let call: FieldCall

  /// The events behind a cursor, or from now on, of which `row` makes something; with a `flow` those of its
  /// runs alone are read.
  func events<Row: Sendable>(
    of flow: Identifier? = nil, after: String?, _ row: @escaping @Sendable (StreamEvent) -> Row?
  ) async throws -> FieldBinding.EventStream {
    let context = try call.studio
    let organization = try context.requireViewer().organizationID
    let hub = context.services.events
    // What the transport says came last (`Last-Event-ID`) is newer than what the operation says.
    let cursor = try StreamCursor.number(after: context.lastEventID ?? after)
    let end: Int
    do {
      end = try await hub.streamEnd(of: organization)
    } catch {
      throw ServiceError.showing(error, noun: "organization") ?? error
    }
    guard cursor ?? end <= end else { throw StreamCursor.unknown }
    return NumberedEvents(
      start: cursor ?? end, startID: cursor == nil ? StreamCursor.text(end) : nil,
      isCurrent: { hub.isCurrent(organization, flow: flow, behind: $0) { row($0) != nil } },
      open: { number in
        SelectedEvents(events: hub.stream(of: organization, flow: flow, after: number), row: row)
          .map { found -> Column in
            .object(.swift([found.row]))
              .identified(as: StreamCursor.text(found.sequence), number: found.sequence)
          }
      })
  }
}

/// The cursor of an organization's stream: the number of the event.
enum StreamCursor {
  static let unknown = ServiceError(
    .badUserInput, "after is not a cursor of the organization's stream.", field: "after")

  static func text(_ sequence: Int) -> String { "stream_\(sequence)" }

  /// - Throws: `BAD_USER_INPUT`.
  static func number(after cursor: String?) throws -> Int? {
    guard let cursor else { return nil }
    guard let number = Int(cursor.dropFirst(7)), number >= 0, cursor == text(number) else {
      throw unknown
    }
    return number
  }
}

/// Those events of a stream that concern a subscription; errors are those that a client may see.
private struct SelectedEvents<Row: Sendable>: AsyncSequence, Sendable {
  typealias Element = (sequence: Int, row: Row)

  let events: OrganizationEvents
  let row: @Sendable (StreamEvent) -> Row?

  func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator(), row: row) }

  struct Iterator: AsyncIteratorProtocol {
    var events: OrganizationEvents.Iterator
    let row: @Sendable (StreamEvent) -> Row?

    mutating func next() async throws -> (sequence: Int, row: Row)? {
      do {
        while let event = try await events.next() {
          if let row = row(event) { return (event.sequence, row) }
        }
        return nil
      } catch is StreamExpired {
        throw ServiceError(
          .cursorExpired,
          """
          Events behind this cursor are not stored any more. Read eventCursor, then what you show, and subscribe \
          behind that cursor.
          """,
          field: "after")
      } catch {
        throw ServiceError.showing(error, noun: "organization") ?? error
      }
    }
  }
}
