import Hummingbird

/// Hummingbird's bare hello-world: the least that a request can cost in this server's house. `scripts/benchmark api`
/// measures it beside the server with the same load generator.
@main
enum HelloServer {
  static func main() async throws {
    let environment = Environment()
    let router = Router()
    let answer = ByteBuffer(string: "Hello, world!")
    router.post("/graphql") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: answer))
    }
    let address = BindAddress.hostname("127.0.0.1", port: environment.get("PORT", as: Int.self) ?? 8080)
    try await Application(router: router, configuration: .init(address: address)).runService()
  }
}
