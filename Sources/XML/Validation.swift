internal import CLibXML2

/// One document on its way through a schema.
final class Validation {
    private let context: xmlSchemaValidCtxtPtr
    private var plug: xmlSchemaSAXPlugPtr?
    /// libxml2 keeps these two places, and puts back what was in them when it is unplugged.
    private let handlerPlace = UnsafeMutablePointer<UnsafeMutablePointer<xmlSAXHandler>?>.allocate(capacity: 1)
    private let userPlace = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)
    private weak var parser: PushParser?
    private(set) var findings: [SchemaFinding] = []
    private let most: Int

    init?(schema: xmlSchemaPtr, most: Int) {
        guard let context = xmlSchemaNewValidCtxt(schema) else { return nil }
        self.context = context
        self.most = most
    }

    deinit {
        xmlSchemaFreeValidCtxt(context)
        handlerPlace.deallocate()
        userPlace.deallocate()
    }

    /// Puts the validator between the parser and its handler; answers what the parser is to call instead.
    func plug(
        handler: UnsafeMutablePointer<xmlSAXHandler>?, user: UnsafeMutableRawPointer?
    ) -> (UnsafeMutablePointer<xmlSAXHandler>?, UnsafeMutableRawPointer?) {
        xmlSchemaSetValidStructuredErrors(
            context,
            { user, error in
                guard let user, let error else { return }
                Unmanaged<Validation>.fromOpaque(user).takeUnretainedValue().found(error.pointee)
            }, Unmanaged.passUnretained(self).toOpaque())
        handlerPlace.initialize(to: handler)
        userPlace.initialize(to: user)
        plug = xmlSchemaSAXPlug(context, handlerPlace, userPlace)
        return (handlerPlace.pointee, userPlace.pointee)
    }

    /// Asks this parser where an error stands.
    func follow(_ parser: PushParser) {
        self.parser = parser
    }

    func unplug() {
        if let plug {
            xmlSchemaSAXUnplug(plug)
        }
        plug = nil
    }

    private func found(_ error: xmlError) {
        guard findings.count < most else { return }
        let current = parser?.current
        findings.append(
            SchemaFinding(
                element: current?.name, position: current?.position ?? .start,
                text: SchemaReasons.reason(code: error.code, message: error.message.map { String(cString: $0) } ?? "")))
    }
}

/// What the error numbers of the validator mean.
enum SchemaReasons {
    /// The reason in words; what the document says is left out, names and what the schema says are told.
    static func reason(code: Int32, message: String) -> String {
        switch code {
        case 1824, 1825, 1826:
            guard let type = lastQuoted(after: "type '", in: message) else {
                return "the value is not of the type that the schema asks for"
            }
            return "the value is not of the type '\(type)'"
        case 1829...1841:
            guard let facet = facet(in: message) else { return "the value breaks a facet of its type" }
            return "the value breaks the facet '\(facet)' of its type"
        case 1843, 1844, 1845, 1846, 1847, 1848, 1849, 1862, 1863, 1864, 1865, 1866, 1867, 1868, 1869, 1870, 1871:
            return String(message.prefix { $0 != "\n" })
        case 1877, 1878, 1879:
            return "a key of the document stands twice, or is missing"
        default:
            return "the document does not follow the schema (libxml2 \(code))"
        }
    }

    private static func facet(in message: String) -> Substring? {
        let opening = "[facet '"
        guard let start = message.firstRange(of: opening) else { return nil }
        return message[start.upperBound...].prefix { $0 != "'" }
    }

    private static func lastQuoted(after opening: String, in message: String) -> Substring? {
        guard let start = message.ranges(of: opening).last else { return nil }
        return message[start.upperBound...].prefix { $0 != "'" }
    }
}
