/// Runs growth cases at their size and at twice that, between marks at which callgrind dumps its counts.
enum GrowthRun {
  /// Every so many-th case, from 1: parts can run side by side.
  static func run(part: Int, of parts: Int) async {
    for (index, example) in GrowthCase.all.enumerated() where index % parts == part - 1 {
      for size in [example.size, 2 * example.size] {
        do {
          // What is made at the first use is not counted: a smaller input goes ahead.
          let warmUp = try example.prepare(max(example.size / 8, 2))
          await warmUp()
          let run = try example.prepare(size)
          setGrowthMark()
          await run()
          setGrowthMark()
          print("\(size)\t\(example.name)")
        } catch {
          print("\(example.name) cannot be prepared: \(error)")
        }
      }
    }
  }
}

/// Where `callgrind --dump-before='*GrowthMark*'` dumps.
@inline(never) @_optimize(none) private func setGrowthMark() {}
