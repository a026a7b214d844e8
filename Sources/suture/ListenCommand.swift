import ArgumentParser
import Clinic
import DurableFiles
import Foundation
import Listener
import Processor

/// Takes HL7 messages from the network.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Take HL7 messages from the network (MLLP) into the inbox, and answer them.",
        discussion: """
            Each message is written durably into the inbox of its source and answered: at once with a commit \
            acknowledgment where the sender asks for it (MSH-15), and when it has been decided by `suture run`, which \
            works beside it. Ports, sources, TLS and time limits stand in `listen:` of clinic/clinic.yml. Stopped by \
            Ctrl-C or SIGTERM.
            """)

    @OptionGroup var workspace: WorkspaceOptions

    @Option(name: .long, help: "Listen on this port only, instead of those of clinic.yml.")
    var port: Int?

    @Option(name: .long, help: "The address to listen on (default: clinic.yml's, else 127.0.0.1).")
    var host: String?

    @Option(name: .long, help: "The source whose messages come there (default: clinic.yml's).")
    var source: String?

    func validate() throws {
        if let port, !(0...65535).contains(port) { throw ValidationError("--port is not a port's number") }
        if port == nil, host != nil || source != nil { throw ValidationError("--host and --source go with --port") }
    }

    func run() throws {
        try ExitStatus.reporting {
            Files.restrictNewFiles()
            let place = workspace.place
            let clinic = try place.configuration()
            let settings = try settings(clinic, place)
            try place.makeFolders()
            try place.makeInboxes(clinic.sources)
            try withLock(place) { try listen(settings, clinic, place) }
        }
    }

    /// Two listeners would give out the same names, and clean up what the other is writing.
    private func withLock(_ place: Workspace, _ body: () throws -> Void) throws {
        let lock: ExclusiveLock
        do throws(FileFault) {
            lock = try ExclusiveLock(place.state / "listener.lock")
        } catch {
            guard error.reason == .held else { throw error }
            ExitStatus.complain("suture: another `suture listen` is at work in this workspace")
            throw ExitStatus.busy
        }
        try withExtendedLifetime(lock) { try body() }
    }

    private func listen(_ settings: ListenerSettings, _ clinic: ClinicConfiguration, _ place: Workspace) throws {
        let log: @Sendable (String) -> Void = { ExitStatus.complain("suture: \($0)") }
        let inboxes = settings.inboxes.values.sorted { $0.source < $1.source }
        try DropStore.clean(inboxes)
        let names = try DropNames.beginSession(
            file: place.state / "listener.session", wallSeconds: Int64(Date().timeIntervalSince1970))
        let decided = try DecidedAnswers(workspace: place, configuration: clinic, log: log)
        decided.start()
        let store = DropStore(names: names, log: log)
        let listener = Listener(
            settings, store: store, answers: AnswerWriter(names: names) { decided.now() },
            decisions: Decisions(ask: { decided.ask($0, $1) }, forget: { decided.forget($0) }), log: log)
        let stop = DispatchSemaphore(value: 0)
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { stop.signal() }
            source.resume()
            return source
        }
        defer { for source in signals { source.cancel() } }
        let numbers: [Int]
        do {
            numbers = try listener.start()
        } catch {
            ExitStatus.complain("suture: nothing can be listened to: \(error)")
            throw ExitStatus.unavailable
        }
        for (port, number) in zip(settings.ports, numbers) {
            let whose = port.source.map { "for \($0)" } ?? "for those whose certificates are listed"
            print("listening on \(port.host):\(number)\(port.isSecure ? " (TLS)" : "") \(whose)")
        }
        // Into a log it is told at once too, not when the first page is full.
        fflush(nil)
        stop.wait()
        try listener.stop(within: .seconds(10))
        decided.stop()
        try store.close()
        print("stopped")
    }

    private func settings(_ clinic: ClinicConfiguration, _ place: Workspace) throws -> ListenerSettings {
        let configured = clinic.listening ?? ListenSettings()
        let ports = try ports(configured, clinic)
        let inboxes = clinic.sources.map { source in
            Inbox(
                source: source.name.rawValue, folder: place.inbox(of: source), maximumBytes: source.maximumBytes)
        }
        let path: (String) -> DurableFiles.Path = { $0.hasPrefix("/") ? Path($0) : place.root / $0 }
        var security: ListenerSettings.Security?
        if let certificate = configured.certificate, let key = configured.key {
            security = ListenerSettings.Security(
                certificate: path(certificate), key: path(key), clientAuthority: configured.clientAuthority.map(path),
                clients: Dictionary(configured.clients.map { ($0.fingerprint, $0.source.rawValue) }) { $1 })
        }
        return ListenerSettings(
            ports: ports, inboxes: inboxes, security: security, answerWithin: .seconds(configured.answerWithinSeconds),
            silence: .seconds(configured.silenceSeconds), maximumConnections: configured.maximumConnections)
    }

    /// Those of clinic.yml, or the one of the command line with what clinic.yml says of it.
    private func ports(_ configured: ListenSettings, _ clinic: ClinicConfiguration) throws -> [ListenerSettings.Port] {
        guard let port else {
            guard !configured.ports.isEmpty else {
                throw ValidationError("clinic/clinic.yml lists no ports under `listen:`; name --port and --source")
            }
            return configured.ports.map {
                ListenerSettings.Port(
                    host: $0.host, number: $0.number, source: $0.source?.rawValue, isSecure: $0.isSecure)
            }
        }
        let known = configured.ports.first { $0.number == port }
        let source = source ?? known?.source?.rawValue
        if let source, clinic.source(SourceName(source)) == nil {
            throw ValidationError("clinic/clinic.yml has no source `\(source)`")
        }
        guard source != nil || known?.isSecure ?? false else {
            throw ValidationError("whose messages come to port \(port)? Name the --source, or list it in clinic.yml")
        }
        return [
            ListenerSettings.Port(
                host: host ?? known?.host ?? ListenSettings.usualHost, number: port, source: source,
                isSecure: known?.isSecure ?? false)
        ]
    }
}
