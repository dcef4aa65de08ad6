/// A run whose whole life is its first turn: nothing of it is evaluated, called or waited for, and it
/// succeeds.
///
/// What such a run becomes is known before it is stored, so the statement that accepts it can store it as
/// what it became. Until then nobody has been told of it: whoever dies before that leaves nothing behind.
public enum FirstTurn {
  /// The run's only transition; nil for a run that needs more, that fails, or that changes others.
  ///
  /// Expressions are evaluated elsewhere, so the named values of the organization play no part.
  public static func transition(
    of run: RunReference, plan: RunPlan, snapshot: RunSnapshot, limits: RunMachine.Limits,
    at now: Instant
  ) -> RunTransition? {
    var machine = RunMachine(run: run, plan: plan, snapshot: snapshot, limits: limits)
    let actions = machine.handle(.resumed(at: now, isCancelRequested: false))
    guard actions.isEmpty, machine.state == .success, let transition = machine.takeTransition(),
      !transition.isEntangled, transition.endedCalls.isEmpty
    else { return nil }
    return transition
  }
}
