// swift-tools-version: 6.2
import PackageDescription

/// C libraries come from Debian; `scripts/start` and `scripts/test` install what is missing.
func debianLibrary(_ name: String, pkgConfig: String?, package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// A test target beside each module; end-to-end tests start the real server.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, exclude: [])
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
  name: "studio",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "studio", targets: ["Server"]),
    .executable(name: "studio-codegen", targets: ["Codegen"]),
    .executable(name: "studio-sandbox", targets: ["SandboxProcess"]),
    .executable(name: "graphql-check", targets: ["Check"]),
    .executable(name: "engine-fuzz", targets: ["EngineFuzz"]),
    .library(name: "GraphQLEngine", targets: ["GraphQLEngine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.0"),
  ],
  targets: [
    debianLibrary("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
    debianLibrary("CHiredis", pkgConfig: nil, package: "libhiredis-dev"),
    debianLibrary("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
    debianLibrary("CUV", pkgConfig: "libuv", package: "libuv1-dev"),
    debianLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    debianLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    debianLibrary("CCrypt", pkgConfig: "libxcrypt", package: "libcrypt-dev"),
    debianLibrary(
      "CJavaScriptCore", pkgConfig: "javascriptcoregtk-4.1", package: "libjavascriptcoregtk-4.1-dev"),

    .target(name: "UVLoop", dependencies: ["CUV"]),
    .target(name: "GraphQLEngine"),
    .target(name: "Postgres", dependencies: ["CPostgres", "UVLoop", logging]),
    .target(name: "Redis", dependencies: ["CHiredis", "COpenSSL", "UVLoop", logging]),
    // Not "Security": dependencies import Apple's module of that name where they find one, and would find ours.
    .target(
      name: "Secrets",
      dependencies: [
        "Base64Text", "CCrypt", crypto, cryptoExtras, .product(name: "JWTKit", package: "jwt-kit"),
      ]),
    .target(name: "SandboxWire"),
    .target(name: "Sandbox", dependencies: ["SandboxWire", logging]),
    .executableTarget(name: "SandboxProcess", dependencies: ["CJavaScriptCore", "SandboxWire"]),
    .target(
      name: "Outbound",
      dependencies: [
        logging,
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(
      name: "Files",
      dependencies: [
        "Dates", "Outbound", crypto,
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(name: "Compression", dependencies: ["CZlib"]),
    .target(name: "Base64Text"),
    .target(name: "Dates"),
    .target(
      name: "Mail",
      dependencies: ["Base64Text", "CCurl", "Dates", .product(name: "NIOPosix", package: "swift-nio")]),
    .target(name: "Flows", dependencies: ["Dates"]),
    .target(name: "Connectors", dependencies: ["Base64Text", "Dates", "Flows"]),
    .target(name: "Storage", dependencies: ["Dates", "Postgres", "Flows", logging]),
    .target(
      name: "Integrations", dependencies: ["Base64Text", "Connectors", "Flows", "Secrets", "Storage"]),
    .target(name: "Lint", dependencies: ["GraphQLEngine"]),
    .target(name: "Rest", dependencies: ["GraphQLEngine"]),
    .target(name: "ClientCode", dependencies: ["GraphQLEngine"]),
    .target(name: "Schedules", dependencies: ["Dates"]),
    .target(name: "Schema", dependencies: ["Dates", "GraphQLEngine"]),
    .target(
      name: "Resolvers",
      dependencies: [
        "Base64Text", "GraphQLEngine", "Schema", "Connectors", "Files", "Flows", "Integrations", "Storage",
        "Postgres", "Schedules", "Secrets", logging,
      ]),
    .executableTarget(
      name: "Server",
      dependencies: [
        "Base64Text", "GraphQLEngine", "Lint", "Rest", "Schema", "Resolvers", "Storage", "Flows", "Postgres",
        "Secrets", "Sandbox", "Outbound", "Compression", "ClientCode", "Connectors", "Files", "Integrations",
        "Mail",
        "Redis", "Schedules", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
    .target(name: "TestPostgres", path: "Tests/TestPostgres"),
    .testTarget(name: "UVLoopTests", dependencies: ["UVLoop"]),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres", "UVLoop", "TestPostgres"]),
    .testTarget(name: "SchedulesTests", dependencies: ["Dates", "Schedules"]),
    .testTarget(name: "RedisTests", dependencies: ["Redis", logging]),
    .executableTarget(
      name: "PostgresReadsBenchmark", dependencies: ["Postgres"], path: "Benchmarks/PostgresReads"),
    .executableTarget(
      name: "FlowsBenchmark", dependencies: ["Flows", "Postgres", "Storage"], path: "Benchmarks/Flows"),
    .executableTarget(
      name: "RequestsBenchmark",
      dependencies: [
        "Connectors", "Flows", "GraphQLEngine", "Postgres", "Resolvers", "Schema", "Secrets", "Storage",
        logging,
      ], path: "Benchmarks/Requests"),
    .executableTarget(
      name: "SandboxBenchmark", dependencies: ["Sandbox", logging], path: "Benchmarks/Sandbox"),
    .executableTarget(name: "Check", dependencies: ["GraphQLEngine"]),
    .executableTarget(
      name: "Codegen",
      dependencies: ["GraphQLEngine", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

    tests(
      "Secrets",
      ["Base64Text", "CCrypt", crypto, cryptoExtras, .product(name: "JWTKit", package: "jwt-kit")]),
    tests(
      "Server",
      [
        "GraphQLEngine", "Resolvers", "Storage", "Flows", "Postgres", "Sandbox", "SandboxProcess", "Outbound",
        "Secrets", "Compression", "TestPostgres", logging,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ]),
    tests(
      "Mail",
      [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio")]),
    tests(
      "Files",
      [
        crypto, .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests("Sandbox", ["SandboxWire", "SandboxProcess", "CJavaScriptCore"]),
    tests(
      "Outbound",
      [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .testTarget(name: "RestTests", dependencies: ["Rest", "GraphQLEngine"]),
    .testTarget(name: "LintTests", dependencies: ["Lint", "GraphQLEngine"]),
    .testTarget(name: "ClientCodeTests", dependencies: ["ClientCode", "Lint", "GraphQLEngine"]),
    .testTarget(name: "SchemaTests", dependencies: ["Schema", "GraphQLEngine"]),
    .testTarget(name: "CodegenTests", dependencies: ["Codegen", "GraphQLEngine"]),
    .testTarget(
      name: "ResolversTests",
      dependencies: [
        "Resolvers", "Schema", "Connectors", "Files", "Integrations", "Storage", "Postgres", "Flows",
        "Secrets", "Sandbox",
        "SandboxProcess",
        "GraphQLEngine", "TestPostgres", logging, .product(name: "NIOCore", package: "swift-nio"),
      ], exclude: ["Queries"]),
    .testTarget(name: "GraphQLEngineTests", dependencies: ["GraphQLEngine"]),
    .testTarget(name: "ConformanceTests", dependencies: ["GraphQLEngine"]),
    .executableTarget(
      name: "EngineFuzz", dependencies: ["GraphQLEngine"], path: "Tests/EngineFuzz", exclude: ["Corpus"]),
    .testTarget(name: "EngineFuzzTests", dependencies: ["EngineFuzz", "GraphQLEngine"]),
    .executableTarget(name: "EngineGuide", dependencies: ["GraphQLEngine"], path: "Tests/EngineGuide"),
    .testTarget(name: "EngineGuideTests", dependencies: ["EngineGuide", "GraphQLEngine"]),
    .testTarget(name: "CheckTests", dependencies: ["Check", "GraphQLEngine"]),
    .executableTarget(
      name: "EngineBenchmark", dependencies: ["GraphQLEngine"], path: "Benchmarks/Engine"),
    .executableTarget(
      name: "HelloServerBenchmark", dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
      path: "Benchmarks/HelloServer"),

    // One suite for every run store: the memory store of the domain's tests, and Postgres.
    .target(name: "RunStoreSuite", dependencies: ["Flows"], path: "Tests/RunStoreSuite"),
    .testTarget(
      name: "ConnectorsTests", dependencies: ["Base64Text", "Connectors", "Flows"], exclude: ["Exchanges"]),
    .testTarget(name: "IntegrationsTests", dependencies: ["Integrations", "Connectors", "Flows", "Storage"]),
    .testTarget(name: "FlowsTests", dependencies: ["Flows", "RunStoreSuite"]),
    .testTarget(name: "Base64TextTests", dependencies: ["Base64Text"]),
    .testTarget(name: "DatesTests", dependencies: ["Dates"]),
    .testTarget(name: "TidyTests"),
    .testTarget(
      name: "StorageTests", dependencies: ["Storage", "Flows", "Postgres", "RunStoreSuite", "TestPostgres"]),
  ],
  swiftLanguageModes: [.v6]
)
