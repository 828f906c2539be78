plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = "jp.mynacard.example"
    compileSdk = 36

    defaultConfig {
        applicationId = "jp.mynacard.example"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }

    // The synthetic patients that a drill may show.
    sourceSets["main"].assets.srcDir("../../data/patients")
    sourceSets["main"].kotlin.srcDir("src/main/kotlin")

    buildTypes {
        release {
            isMinifyEnabled = true // the library brings its own rules
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
}

kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
    }
}

dependencies {
    implementation("jp.mynacard:mynacard-android:0.1.0@aar")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
}
