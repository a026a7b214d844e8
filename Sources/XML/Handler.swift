internal import CLibXML2

/// What libxml2 calls.
///
/// Only these are set: without the others it builds no tree, holds no entities and prints nothing.
enum Handler {
    static func make() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = {
            user, local, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            guard let local else { return }
            Handler.parser(user)?.startElement(
                local: local, prefix: prefix, uri: uri,
                namespaces: UnsafeBufferPointer(
                    UnsafeMutableBufferPointer(start: namespaces, count: Int(namespaceCount) * 2)),
                attributes: UnsafeBufferPointer(
                    UnsafeMutableBufferPointer(start: attributes, count: Int(attributeCount) * 5)))
        }
        handler.endElementNs = { user, _, _, _ in Handler.parser(user)?.endElement() }
        handler.characters = onCharacters
        // The same function for white space: otherwise libxml2 guesses which of it means nothing.
        handler.ignorableWhitespace = onCharacters
        handler.cdataBlock = onCharacters
        handler.comment = { user, _ in Handler.parser(user)?.comment() }
        handler.processingInstruction = { user, target, _ in
            guard let target else { return }
            Handler.parser(user)?.instruction(target)
        }
        handler.internalSubset = { user, _, _, _ in
            Handler.parser(user)?.forbid("a document type declaration (DOCTYPE), which is never read; remove it")
        }
        handler.externalSubset = { user, _, _, _ in Handler.parser(user)?.forbid("an external subset") }
        handler.reference = { user, _ in Handler.parser(user)?.forbid("a reference to an entity") }
        handler.serror = onError
        return handler
    }

    private static let onCharacters: charactersSAXFunc = { user, characters, count in
        Handler.parser(user)?.characters(UnsafeBufferPointer(start: characters, count: Int(count)))
    }

    static let onError: xmlStructuredErrorFunc = { _, error in
        guard let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue, let context = error.pointee.ctxt else {
            return
        }
        let parserContext = context.assumingMemoryBound(to: xmlParserCtxt.self)
        Handler.parser(parserContext.pointee._private)?.failed(domain: error.pointee.domain, code: error.pointee.code)
    }

    private static func parser(_ user: UnsafeMutableRawPointer?) -> PushParser? {
        user.map { Unmanaged<PushParser>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// libxml2 as a whole: what is set once for the process.
enum Library {
    /// Starts libxml2 and takes from it the means to open any file or address, for documents and schemas alike.
    static func prepare() {
        _ = prepared
        // Kept by libxml2 for each thread: what has no handler of its own is dropped, not printed.
        xmlSetStructuredErrorFunc(nil) { _, _ in }
    }

    private static let prepared: Void = {
        xmlInitParser()
        xmlSetExternalEntityLoader { _, _, _ in nil }
    }()
}
