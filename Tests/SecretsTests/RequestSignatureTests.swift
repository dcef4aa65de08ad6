import Crypto
import Testing

@testable import Secrets

/// Signatures as the services' own documents show them, and what must not pass for one.
@Suite struct RequestSignatureTests {
  private func fails(
    _ signature: RequestSignature, _ body: String, secret: String, now: Int64 = 0
  ) -> RequestSignature.Failure? {
    do throws(RequestSignature.Failure) {
      try signature.check(Array(body.utf8), secrets: [Array(secret.utf8)], now: now, tolerance: 300)
      return nil
    } catch {
      return error
    }
  }

  private func hex(_ text: String, _ secret: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return code.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
  }

  /// docs.github.com, "Testing the webhook payload validation".
  @Test func `GitHub's example is right`() {
    let known = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    let secret = "It's a Secret to Everybody"
    #expect(fails(.github(signature: known), "Hello, World!", secret: secret) == nil)
    #expect(fails(.github(signature: known), "Hello, World?", secret: secret) == .wrong)
    #expect(fails(.github(signature: known.dropFirst(7).description), "Hello, World!", secret: secret) != nil)
    #expect(
      fails(.github(signature: nil), "Hello, World!", secret: secret) == .missing("X-Hub-Signature-256"))
    #expect(fails(.github(signature: "sha256="), "Hello, World!", secret: secret) == .wrong)
  }

  /// api.slack.com, "Verifying requests from Slack".
  @Test func `Slack's example is right, and only near its time`() {
    let body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    let signature = RequestSignature.slack(
      timestamp: "1531420618",
      signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
    let secret = "8f742231b10e8888abcd99yyyzzz85a5"
    #expect(fails(signature, body, secret: secret, now: 1_531_420_700) == nil)
    #expect(fails(signature, body, secret: secret, now: 1_531_421_000) == .tooOld)
    #expect(fails(signature, body, secret: secret, now: 1_531_420_200) == .tooOld)
    #expect(fails(signature, body + " ", secret: secret, now: 1_531_420_700) == .wrong)
  }

  @Test func `Stripe's header may have several signatures, and its time is signed`() {
    let code = hex("1000.{}", "whsec_x")
    for header in ["t=1000,v1=\(code)", "t=1000,v0=0,v1=\(String(repeating: "0", count: 64)),v1=\(code)"] {
      #expect(fails(.stripe(signature: header), "{}", secret: "whsec_x", now: 1100) == nil)
    }
    #expect(fails(.stripe(signature: "t=1001,v1=\(code)"), "{}", secret: "whsec_x", now: 1100) == .wrong)
    #expect(fails(.stripe(signature: "t=1000,v1=\(code)"), "{}", secret: "whsec_x", now: 1301) == .tooOld)
    #expect(
      fails(.stripe(signature: "v1=\(code)"), "{}", secret: "whsec_x") == .missing("Stripe-Signature"))
    #expect(fails(.stripe(signature: "t=1000"), "{}", secret: "whsec_x", now: 1000) == .wrong)
  }

  /// What our own outgoing webhooks send is what incoming ones accept.
  @Test func `Standard Webhooks are taken with either secret while one is replaced`() throws {
    let (old, new) = (WebhookSecret.generate(), WebhookSecret.generate())
    let body = Array("{}".utf8)
    let header = WebhookSignature.header(id: "msg_1", timestamp: 1000, body: body, secrets: [old])
    let signature = RequestSignature.standard(id: "msg_1", timestamp: "1000", signatures: "v1a,x " + header)
    try signature.check(body, secrets: [new.bytes, old.bytes], now: 1000, tolerance: 300)
    #expect(throws: RequestSignature.Failure.wrong) {
      try signature.check(body, secrets: [new.bytes], now: 1000, tolerance: 300)
    }
    let other = RequestSignature.standard(id: "msg_2", timestamp: "1000", signatures: header)
    #expect(throws: RequestSignature.Failure.wrong) {
      try other.check(body, secrets: [old.bytes], now: 1000, tolerance: 300)
    }
    #expect(
      WebhookSecret(old.text) == old && WebhookSecret("whsec_short") == nil && WebhookSecret("x") == nil)
  }

  @Test func `a URL's token has one spelling and says whose it is`() throws {
    let generator = UUIDv7Generator()
    let token = HookToken(
      organization: generator.next(), trigger: generator.next(), key: RandomBytes.generate(16))
    let read = try #require(HookToken(token.text))
    #expect(
      token.text.count == 64 && read.organization == token.organization && read.trigger == token.trigger)
    #expect(read.matches(token.key) && !read.matches(RandomBytes.generate(16)) && !read.matches([]))
    #expect(HookToken(token.text + "A") == nil && HookToken("") == nil && HookToken(token.text + "/x") == nil)
  }
}
