import CCurl

/// One e-mail over one connection. Used by one thread, which is blocked meanwhile.
final class SMTPExchange {
  private static let connectTimeoutMilliseconds = 10_000
  private static let maximumAnswerBytes = 500

  private let message: MailMessage
  private let server: MailServer
  private let addresses: [String]
  private let isCancelled: CancellationMark
  private let bytes: [UInt8]
  private var sent = 0
  /// Whether the end of the e-mail was given to libcurl.
  private var hasSentAll = false
  /// The server's last line.
  private var lastLine: [UInt8] = []

  init(_ message: MailMessage, _ server: MailServer, addresses: [String], isCancelled: CancellationMark) {
    self.message = message
    self.server = server
    self.addresses = addresses
    self.isCancelled = isCancelled
    bytes = MessageText(message).bytes
  }

  func run(timeoutMilliseconds: Int) -> Result<String, MailError> {
    guard let handle = curl_easy_init() else { return .failure(.failed(reason: "there is no memory left.")) }
    defer { curl_easy_cleanup(handle) }
    var lists: [UnsafeMutablePointer<curl_slist>?] = []
    defer { for list in lists { curl_slist_free_all(list) } }
    configure(handle, timeoutMilliseconds: timeoutMilliseconds)
    let recipients = list(message.recipients.map { "<\($0)>" })
    lists.append(recipients)
    _ = studio_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
    if !addresses.isEmpty {
      let found = addresses.map { $0.contains(":") ? "[\($0)]" : $0 }.joined(separator: ",")
      let resolved = list(["\(server.urlHost):\(server.port):\(found)"])
      lists.append(resolved)
      _ = studio_curl_set_list(handle, CURLOPT_RESOLVE, resolved)
    }
    let code = withExtendedLifetime(self) { curl_easy_perform(handle) }
    return outcome(code, smtpCode: studio_curl_response_code(handle))
  }

  private func configure(_ handle: UnsafeMutableRawPointer, timeoutMilliseconds: Int) {
    let scheme = server.encryption == .tls ? "smtps" : "smtp"
    let texts: [(CURLoption, String?)] = [
      (CURLOPT_URL, "\(scheme)://\(server.urlHost):\(server.port)/\(server.helloName)"),
      (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
      (CURLOPT_MAIL_FROM, "<\(message.from.address)>"),
      (CURLOPT_USERNAME, server.user), (CURLOPT_PASSWORD, server.user == nil ? nil : server.password ?? ""),
      (CURLOPT_CAINFO, server.authorities),
    ]
    for case (let option, let text?) in texts { _ = studio_curl_set_text(handle, option, text) }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_SASL_IR, 1), (CURLOPT_UPLOAD, 1), (CURLOPT_NOPROGRESS, 0),
      (CURLOPT_TIMEOUT_MS, timeoutMilliseconds),
      (CURLOPT_CONNECTTIMEOUT_MS, min(timeoutMilliseconds, Self.connectTimeoutMilliseconds)),
      (CURLOPT_USE_SSL, Int((server.encryption == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue)),
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_FRESH_CONNECT, 1),
      (CURLOPT_FORBID_REUSE, 1),
    ]
    for (option, number) in numbers { _ = studio_curl_set_number(handle, option, number) }
    _ = studio_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes.count))
    let me = Unmanaged.passUnretained(self).toOpaque()
    for option in [CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_XFERINFODATA] {
      _ = studio_curl_set_pointer(handle, option, me)
    }
    _ = studio_curl_set_bytes(handle, CURLOPT_READFUNCTION) { buffer, size, count, user in
      SMTPExchange.at(user)?.read(into: buffer, size * count) ?? Int(CURL_READFUNC_ABORT)
    }
    for option in [CURLOPT_HEADERFUNCTION, CURLOPT_WRITEFUNCTION] {
      _ = studio_curl_set_bytes(handle, option) { buffer, size, count, user in
        SMTPExchange.at(user)?.hear(buffer, size * count)
        return size * count
      }
    }
    _ = studio_curl_set_progress(handle) { user, _, _, _, _ in
      SMTPExchange.at(user)?.isCancelled.isSet == true ? 1 : 0
    }
  }

  private static func at(_ user: UnsafeMutableRawPointer?) -> SMTPExchange? {
    user.map { Unmanaged<SMTPExchange>.fromOpaque($0).takeUnretainedValue() }
  }

  /// CURLOPT_READFUNCTION(3): "returning 0 signals end-of-file".
  private func read(into buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
    let count = min(room, bytes.count - sent)
    if let buffer, count > 0 {
      bytes[sent..<(sent + count)].withUnsafeBytes { part in
        if let start = part.baseAddress {
          UnsafeMutableRawPointer(buffer).copyMemory(from: start, byteCount: count)
        }
      }
    }
    sent += count
    hasSentAll = hasSentAll || sent == bytes.count
    return count
  }

  private func hear(_ buffer: UnsafeMutablePointer<CChar>?, _ count: Int) {
    guard let buffer else { return }
    let line = UnsafeRawBufferPointer(start: buffer, count: min(count, Self.maximumAnswerBytes))
    guard !line.starts(with: "221".utf8) else { return }  // the answer to QUIT says nothing of the e-mail
    lastLine = line.filter { $0 >= 0x20 && $0 != 0x7F }
  }

  private func list(_ texts: [String]) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    for text in texts { list = curl_slist_append(list, text) ?? list }
    return list
  }

  private func outcome(_ code: CURLcode, smtpCode: Int) -> Result<String, MailError> {
    let line = String(decoding: lastLine, as: UTF8.self)
    if code == CURLE_OK { return .success(line) }
    if isCancelled.isSet { return .failure(hasSentAll && smtpCode < 400 ? .unknownOutcome : .cancelled) }
    let reason = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .failure(.connectFailed(reason: reason))
    // 454 is a failure for the moment (RFC 4954 § 6), told below.
    case CURLE_LOGIN_DENIED where !(400..<500).contains(smtpCode): return .failure(.authenticationFailed)
    case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
      CURLE_SSL_CACERT_BADFILE:
      return .failure(.notEncrypted(reason: reason))
    default: break
    }
    if smtpCode >= 400 { return .failure(.refused(code: smtpCode, message: String(line.dropFirst(4)))) }
    // The end was sent and no answer came: whether the server has taken it is not known.
    if hasSentAll { return .failure(.unknownOutcome) }
    return .failure(code == CURLE_OPERATION_TIMEDOUT ? .timedOut : .failed(reason: reason))
  }
}
