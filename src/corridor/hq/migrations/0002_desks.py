from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hq', '0001_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=64)),
                ('value', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('who', 'name'), name='chosen_once')],
            },
        ),
        migrations.CreateModel(
            name='GivenOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_ms', models.BigIntegerField(db_index=True)),
                ('who', models.CharField(max_length=64)),
                ('role', models.CharField(max_length=32)),
                ('order', models.CharField(max_length=64)),
                ('token', models.CharField(max_length=64)),
                ('refused', models.CharField(blank=True, max_length=64)),
                ('events', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('refused', '')), fields=('who', 'token', 'order'), name='given_once')],
            },
        ),
    ]
