/// Certificates for tests alone, good for a hundred years: an authority, the clinic's, a sender's.
enum Certificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBlzCCAT2gAwIBAgIUPv4SoHwiBjNHA5PflpAwNJsUJe8wCgYIKoZIzj0EAwIw
        IDEeMBwGA1UEAwwVU3V0dXJlIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyMjIzMTky
        NloYDzIxMjYxMDI5MjMxOTI2WjAgMR4wHAYDVQQDDBVTdXR1cmUgdGVzdCBhdXRo
        b3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARB7LVvBnu8vqdvHMSQ0ebi
        pqcLjwZ6AGRxWtsPVH36P6EARXIG6zSmXvrq65gaQ7WvEgGo6ybjEHpqHWmvXyCV
        o1MwUTAdBgNVHQ4EFgQUfYrHpKm6LFtmZqquskeCo41EcI8wHwYDVR0jBBgwFoAU
        fYrHpKm6LFtmZqquskeCo41EcI8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
        AgNIADBFAiEA5lehRKwmFLltpWkss+fWjXGsszbvYE0g+YnwPtAKPbUCIAz0j+YU
        xVA7wPd47R/FbSXlCM8oY8pxTO6HqnD6+Ahg
        -----END CERTIFICATE-----
        """

    static let clinic = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIULStrxv5qjwpxYPxsoBf15D0G7sQwCgYIKoZIzj0EAwIw
        IDEeMBwGA1UEAwwVU3V0dXJlIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyMjIzMTky
        NloYDzIxMjYxMDI5MjMxOTI2WjAZMRcwFQYDVQQDDA5jbGluaWMuZXhhbXBsZTBZ
        MBMGByqGSM49AgEGCCqGSM49AwEHA0IABB9wQgnpitMyAkW0U/ShHvW1kRO8X/KJ
        Ec88/0wEgmVM0ZfHibKMM55vPYLExCiZ52ZB3ykDCUJ2rlHUepEOSOGjXjBcMBoG
        A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAdBgNVHQ4EFgQUfxz3ia5LG7w45g4+
        g5w+jdWaAnEwHwYDVR0jBBgwFoAUfYrHpKm6LFtmZqquskeCo41EcI8wCgYIKoZI
        zj0EAwIDSQAwRgIhAPVo+rtBqgc740ZRhzF2/jcUcgxUsqutXyKaDFvn0msBAiEA
        j526U6OKcO9c0yHOU+EWellv6KQdinsj98WkwUQr/9M=
        -----END CERTIFICATE-----
        """

    static let clinicKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTgUZLdm2U3WVGAem
        YbGXB39HgD8VkfIzxlkz7wB+IXmhRANCAAQfcEIJ6YrTMgJFtFP0oR71tZETvF/y
        iRHPPP9MBIJlTNGXx4myjDOebz2CxMQomedmQd8pAwlCdq5R1HqRDkjh
        -----END PRIVATE KEY-----
        """

    static let sender = """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT6gAwIBAgIULStrxv5qjwpxYPxsoBf15D0G7sUwCgYIKoZIzj0EAwIw
        IDEeMBwGA1UEAwwVU3V0dXJlIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyMjIzMTky
        NloYDzIxMjYxMDI5MjMxOTI2WjAWMRQwEgYDVQQDDAtoaXMuZXhhbXBsZTBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABPi33im0aEqkEdhSvTT4WiV6tX4F5dX9KyAJ
        pLsakqA3QHhEdL+4LUb3uDNcWqP7LzJJlWdBU9xc+R3f1eyejaSjXjBcMBoGA1Ud
        EQQTMBGCCWxvY2FsaG9zdIcEfwAAATAdBgNVHQ4EFgQUiPb59iltbdgv0A207xET
        k38i3aAwHwYDVR0jBBgwFoAUfYrHpKm6LFtmZqquskeCo41EcI8wCgYIKoZIzj0E
        AwIDSAAwRQIgKCnLqtb9pgj5nwcKc+YtUf34y7GZvhT53c7p6CX+OrsCIQDOzxAn
        b6kpkVo4C35h8GFv0tn3Q82a402K+z1y2weo4A==
        -----END CERTIFICATE-----
        """

    static let senderKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglIzwTHMx32tiMTXi
        qLuoqB00ykrvKasVH7ra3vdQlEehRANCAAT4t94ptGhKpBHYUr00+FolerV+BeXV
        /SsgCaS7GpKgN0B4RHS/uC1G97gzXFqj+y8ySZVnQVPcXPkd39Xsno2k
        -----END PRIVATE KEY-----
        """

    /// As `openssl x509 -noout -fingerprint -sha256` says it of the sender's.
    static let senderFingerprint = "c25da566ec023df326abb73241b92257e676c3c8fb1225e11ccfd4d5dddc5f0c"
}
