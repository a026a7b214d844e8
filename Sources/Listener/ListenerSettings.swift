package import DurableFiles

/// What the listener listens to, and for whom.
package struct ListenerSettings: Sendable {
    /// An address that is listened on.
    package struct Port: Hashable, Sendable {
        package var host: String
        /// 0 takes any port that is free.
        package var number: Int
        /// Whose messages come here, unless the sender's certificate says otherwise.
        package var source: String?
        package var isSecure: Bool

        package init(host: String, number: Int, source: String?, isSecure: Bool = false) {
            self.host = host
            self.number = number
            self.source = source
            self.isSecure = isSecure
        }
    }

    /// The clinic's certificate, and whose certificates are asked of senders.
    package struct Security: Hashable, Sendable {
        /// PEM: the certificate, then those between it and the authority.
        package var certificate: Path
        /// PEM.
        package var key: Path
        /// PEM: the authorities of senders' certificates; nil asks senders for none.
        package var clientAuthority: Path?
        /// The sources of senders, by the SHA-256 of their certificates in small hexadecimal digits.
        package var clients: [String: String]

        package init(certificate: Path, key: Path, clientAuthority: Path? = nil, clients: [String: String] = [:]) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
            self.clients = clients
        }
    }

    package var ports: [Port]
    /// By source.
    package var inboxes: [String: Inbox]
    package var security: Security?
    /// How long a sender in original mode waits for its answer.
    package var answerWithin: Duration
    /// How long a peer may be silent in the middle of a message.
    package var silence: Duration
    package var maximumConnections: Int

    package init(
        ports: [Port], inboxes: [Inbox], security: Security? = nil, answerWithin: Duration = .seconds(30),
        silence: Duration = .seconds(60), maximumConnections: Int = 1000
    ) {
        self.ports = ports
        self.inboxes = Dictionary(inboxes.map { ($0.source, $0) }) { first, _ in first }
        self.security = security
        self.answerWithin = answerWithin
        self.silence = silence
        self.maximumConnections = maximumConnections
    }
}

/// Who tells what became of a drop.
package struct Decisions: Sendable {
    /// Asks for the bytes of a drop's acknowledgment, by the name of its file; told once, from any thread.
    package var ask: @Sendable (_ file: String, _ tell: @escaping @Sendable ([UInt8]) -> Void) -> Void
    /// The question is void.
    package var forget: @Sendable (_ file: String) -> Void

    package init(
        ask: @escaping @Sendable (_ file: String, _ tell: @escaping @Sendable ([UInt8]) -> Void) -> Void,
        forget: @escaping @Sendable (_ file: String) -> Void
    ) {
        self.ask = ask
        self.forget = forget
    }
}
