import Clinic
import Foundation
import Testing

@testable import Processor

@Suite("The example clinic")
struct ExampleClinicTests {
    @Test("loads without a fault")
    func loads() throws {
        let configuration = try ClinicConfiguration.load(from: ExampleClinic.folder)
        #expect(configuration.catalog.procedures.count == 25)
    }
}

/// The clinic of `fixtures/clinic`.
enum ExampleClinic {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/clinic").path
}
