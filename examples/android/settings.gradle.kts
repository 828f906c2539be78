pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        mavenLocal() // where `mvn install` in bindings/kotlin puts mynacard-android
        google()
        mavenCentral()
    }
}

rootProject.name = "mynacard-example"
include(":app")
