// swift-tools-version: 6.2
import PackageDescription

/// Every target: Swift 6, warnings are errors, walls between modules kept by the compiler.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The pure targets may not touch memory unsafely either.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

let package = Package(
    name: "Suture",
    products: [
        .executable(name: "suture", targets: ["suture"]),
        .library(name: "HL7", targets: ["HL7"]),
        .library(name: "CSV", targets: ["CSV"]),
        .library(name: "XML", targets: ["XML"]),
        .library(name: "Barcodes", targets: ["Barcodes"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // Readers: bytes to located fields. Each stands on its own.
        .target(name: "HL7", swiftSettings: pure),
        .target(name: "CSV", swiftSettings: pure),
        .target(name: "Barcodes", swiftSettings: pure),
        .target(name: "XML", dependencies: ["CLibXML2"], swiftSettings: strict),

        // The domain and the vocabulary of the inbox: pure.
        .target(name: "Clinic", swiftSettings: pure),
        .target(name: "Drops", swiftSettings: pure),

        // The rooms that the data goes through.
        .target(
            name: "Forms", dependencies: ["HL7", "CSV", "XML", "Barcodes", "Clinic", "Drops"], swiftSettings: strict),
        .target(name: "Digests", dependencies: ["COpenSSL", "CCrypt"], swiftSettings: strict),
        .target(name: "DurableFiles", dependencies: ["CLinux"], swiftSettings: strict),
        .target(name: "Records", dependencies: ["Clinic", "Drops", "Digests", grdb], swiftSettings: strict),
        .target(name: "Documents", dependencies: ["Clinic", "Drops", "HL7", "CSV"], swiftSettings: strict),
        .target(
            name: "Processor",
            dependencies: [
                "HL7", "CSV", "XML", "Barcodes", "Clinic", "Drops", "Forms", "Digests", "Records", "Documents",
                "CLinux", "DurableFiles", yams,
            ],
            swiftSettings: strict),
        // The network's door: messages by MLLP into the inbox, their answers back.
        .target(name: "Listener", dependencies: ["HL7", "Digests", "DurableFiles"] + nio, swiftSettings: strict),
        .executableTarget(
            name: "suture",
            dependencies: [
                "Processor", "Clinic", "Drops", "Forms", "DurableFiles", "Records", "Listener", "HL7", argumentParser,
            ],
            swiftSettings: strict),

        // System libraries and a few lines of C.
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
        .target(name: "CLinux"),

        // Tests mirror the sources.
        .target(name: "ClinicTesting", dependencies: ["Clinic"], path: "Tests/ClinicTesting", swiftSettings: strict),
        .testTarget(name: "HL7Tests", dependencies: ["HL7"], swiftSettings: strict),
        .testTarget(name: "CSVTests", dependencies: ["CSV"], swiftSettings: strict),
        .testTarget(name: "XMLTests", dependencies: ["XML"], swiftSettings: strict),
        .testTarget(name: "BarcodesTests", dependencies: ["Barcodes"], swiftSettings: strict),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(name: "DurableFilesTests", dependencies: ["DurableFiles"], swiftSettings: strict),
        .testTarget(name: "ClinicTests", dependencies: ["Clinic", "ClinicTesting"], swiftSettings: strict),
        .testTarget(
            name: "FormsTests", dependencies: ["Forms", "HL7", "CSV", "XML", "Clinic", "Drops"], swiftSettings: strict),
        .testTarget(
            name: "RecordsTests", dependencies: ["Records", "Clinic", "ClinicTesting", "Drops", "Digests", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Documents", "Clinic", "ClinicTesting", "Drops", "HL7", "CSV"],
            swiftSettings: strict),
        .testTarget(
            name: "ProcessorTests",
            dependencies: [
                "Processor", "Clinic", "Drops", "Forms", "Records", "Documents", "Digests", "DurableFiles", grdb,
                "suture", argumentParser,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ListenerTests", dependencies: ["Listener", "HL7", "Digests", "DurableFiles"] + nio,
            swiftSettings: strict),
        .testTarget(
            name: "SutureTests",
            dependencies: [
                "suture", "Processor", "Clinic", "ClinicTesting", "Drops", "Forms", "Records", "Digests",
            ],
            swiftSettings: strict),
    ]
)
