/// A queue in a ring: append and take in constant time, read and change in place. A value of its owner.
struct FIFO<Element> {
  private var storage: [Element?]
  private var head = 0
  private(set) var count = 0

  init() { storage = Array(repeating: nil, count: 16) }

  var isEmpty: Bool { count == 0 }

  /// The element at a distance from the first one.
  subscript(index: Int) -> Element? {
    get { index < count ? storage[(head + index) & (storage.count - 1)] : nil }
    _modify { yield &storage[(head + index) & (storage.count - 1)] }
  }

  var first: Element? { self[0] }

  mutating func append(_ element: Element) {
    if count == storage.count { grow() }
    storage[(head + count) & (storage.count - 1)] = element
    count += 1
  }

  @discardableResult
  mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = storage[head].take()
    head = (head + 1) & (storage.count - 1)
    count -= 1
    return element
  }

  /// Takes out every element that fits, keeping the order of the rest.
  mutating func removeAll(where isRemoved: (Element) -> Bool) -> [Element] {
    var removed: [Element] = []
    for _ in 0..<count {
      guard let element = popFirst() else { break }
      if isRemoved(element) { removed.append(element) } else { append(element) }
    }
    return removed
  }

  private mutating func grow() {
    var larger: [Element?] = Array(repeating: nil, count: storage.count * 2)
    for index in 0..<count { larger[index] = self[index] }
    storage = larger
    head = 0
  }
}
