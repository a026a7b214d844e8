import DurableFiles
import NIOSSL

/// The clinic's side of TLS.
enum TLS {
    static func context(_ security: ListenerSettings.Security) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(String(decoding: security.certificate.bytes, as: UTF8.self))
        let key = try NIOSSLPrivateKey(file: String(decoding: security.key.bytes, as: UTF8.self), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        if let authority = security.clientAuthority {
            // A sender is known by its certificate, not by the name of its machine.
            configuration.trustRoots = .file(String(decoding: authority.bytes, as: UTF8.self))
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
